/* Tuples of classes that Python gives, those of typing.NamedTuple. */
#ifndef SECONDHAND_RECORDS_H
#define SECONDHAND_RECORDS_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>

/* A tuple of a class of tuples that has no state of its own, to be filled; NULL with an exception. */
static inline PyObject *
empty_record(PyTypeObject *class, Py_ssize_t n_fields)
{
    PyObject *record = class->tp_alloc(class, n_fields);
#if PY_VERSION_HEX >= 0x030E0000
    /* Since 3.14 a tuple keeps its hash, and memory of zeros would say that it is 0. */
    if (record != NULL)
        ((PyTupleObject *)record)->ob_hash = -1;
#endif
    return record;
}

#endif

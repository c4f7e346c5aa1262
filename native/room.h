/* Arrays that grow. */
#ifndef SECONDHAND_ROOM_H
#define SECONDHAND_ROOM_H

#include <stdint.h>
#include <stdlib.h>

/* Memory of `items` things of `bytes` each at least, `*room` of which there are already.
 * The old contents stay. 0, or -1 if there is none (then nothing has changed). */
static inline int
make_room(void *array, size_t *room, size_t items, size_t bytes)
{
    if (items <= *room)
        return 0;
    size_t wanted = items + items / 2;
    if (wanted > PTRDIFF_MAX / bytes)
        return -1;
    void *moved = realloc(*(void **)array, wanted * bytes);
    if (moved == NULL)
        return -1;
    *(void **)array = moved;
    *room = wanted;
    return 0;
}

#endif

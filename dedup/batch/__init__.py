"""A whole corpus at once: articles in files in, verdicts, families and clean texts in files out.

The stages are functions over tables (``dedup.batch.schema``); an engine says where they run and
where the tables between them lie. What comes out depends on the input and the options alone.
"""

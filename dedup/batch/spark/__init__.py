"""The engine for many machines: the stages of ``dedup.batch.local`` as tables of Apache Spark.

What looks at one article, one pair or one bucket is the same function here and there, called with
Arrow batches; so both engines write the same rows. ``docs/scale.md`` says what it costs.
"""

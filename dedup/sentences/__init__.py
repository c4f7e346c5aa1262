"""Sentences of any script: ICU finds where one may end, conventions of the language decide."""

from dedup.sentences.segmenter import sentence_spans, split_sentences

__all__ = ["sentence_spans", "split_sentences"]

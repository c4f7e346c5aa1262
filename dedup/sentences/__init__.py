"""Sentences of any script: ICU finds where one may end, conventions of the language decide."""

from dedup.sentences.segmenter import split_sentences

__all__ = ["split_sentences"]

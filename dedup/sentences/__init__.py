"""Sentences of any script: ICU's rules say where one may end, conventions of the language decide."""

from dedup.sentences.segmenter import sentence_starts, split_sentences, words_by_sentence

__all__ = ["sentence_starts", "split_sentences", "words_by_sentence"]

"""Text in; repaired text out, with its history and the way back to the text as submitted.

The steps, in their fixed order. All are repeated until none finds anything, so that
normalizing twice changes nothing:

1.  surrogates: pairs joined, lone ones replaced by U+FFFD.
2.  control_characters: removed, other than white space and C1.
3.  zero_width: zero-width spaces, word joiners and byte order marks removed; joiners stay
    in scripts that join letters, and in emoji.
4.  line_breaks: CRLF, CR, U+2028, U+2029 become LF.
5.  entities: decoded, also where nested or torn apart by spaces (``& # 39;``).
6.  encoding: mojibake and C1 controls mended (ftfy).
7.  letter_forms: Latin ligatures, full and half width forms replaced (ftfy); not the width of
    punctuation among Han and kana.
8.  composition: Unicode normalization form C.
9.  soft_hyphens: removed, after mojibake, of which they may be part.
10. minify_markers, feed_tails, widget_banners, advertisements, scripts, captions: debris of
    machinery removed (of ``[caption …]`` the tags, not the words).

Deliberately not done: curly quotes are not straightened (quotations are found by them);
white space and blank lines are kept; nothing is folded to lower case; spaces that a
translator put around quotation marks stay; direction marks, variation selectors and
no-break spaces stay; credit lines, datelines, truncation marks and notices of machine
translation are words, and stay; terminal escapes are not looked for. A text that does not
come to rest after eight rounds is noise: it gets steps 1 to 4 only. A line with more than 30
combining marks in a row is not composed.
"""

from dedup.normalize.clean import STEPS, CleanText, normalize, read

__all__ = ["STEPS", "CleanText", "normalize", "read"]

"""How texts declare themselves machine-translated, per language."""

from __future__ import annotations

import re
from typing import NamedTuple


class Notice(NamedTuple):
    """One language's notice.

    Attributes:
        language: ISO 639-1.
        stems: In folded case; a text without any of them holds no such notice.
        pattern: The sentence, as far as it says so.
    """

    language: str
    stems: tuple[str, ...]
    pattern: re.Pattern[str]


_ENGINES = (
    r"(?:Google(?: Translate)?|DeepL|ChatGPT|OpenAI|Microsoft Translator|Bing(?: Translator)?"
    r"|Yandex(?:\.Translate)?|Amazon Translate)"
)
# Between the parts of a sentence. Bounded, and within one sentence.
_ANY = r"[^.!?\n]{0,60}?"


def _notice(language: str, stems: str, *sentences: str) -> Notice:
    parts = (s.replace("<any>", _ANY).replace("<engine>", _ENGINES) for s in sentences)
    return Notice(
        language, tuple(stems.split()), re.compile("|".join(parts), re.IGNORECASE | re.MULTILINE)
    )


NOTICES = (
    _notice(
        "en",
        "translat",
        r"\bthis (?:article|story|text|post|page|report|content|item|piece|document|version|news)"
        r"<any> (?:was|is|has been|were)<any>"
        r"(?:machine|automatically|automatic|auto|computer|AI|mechanically)[- ](?:generated )?translated",
        r"\bthis (?:article|story|text|post|page|report|content|item|piece|document|version|news)"
        r"<any> (?:was|is|has been)<any> translated<any>"
        r"\b(?:automatically|by (?:a )?(?:machine|computer|AI|artificial)|(?:with|by|using|through) (?:the help of )?<engine>"
        r"|using (?:AI|artificial|machine|automat))",
        r"\bthis is an? (?:machine|automatic|automated|AI)(?:-generated)? translation",
        r"^\W{0,4}(?:automatically|machine)[- ]translated (?:from|by|into|with|using)\b[^\n]{0,80}$",
        r"^\W{0,4}translated (?:automatically )?(?:with|by|using) (?:www\.)?<engine>[^\n]{0,60}$",
    ),
    _notice(
        "de",
        "übersetz",
        r"\bdiese[rs]? (?:artikel|text|beitrag|inhalt|seite|meldung|bericht|nachricht)<any> (?:wurde|ist|wird)<any>"
        r"(?:maschinell|automatisch|mit (?:hilfe (?:von )?)?(?:<engine>|KI|künstlicher intelligenz))<any>übersetzt",
        r"\b(?:dies|hierbei|es) (?:ist|handelt es sich um|handelt sich um) eine[r]? (?:maschinelle|automatische)n? übersetzung",
        r"^\W{0,4}(?:automatisch|maschinell) (?:aus dem|vom|von)<any> übersetzt\b",
    ),
    _notice(
        "fr",
        "tradui traduc",
        r"\bcet? (?:article|texte|page|contenu|document|dépêche)<any> (?:a été|est) "
        r"<any>(?:traduite?)<any>(?:automatiquement|par (?:une )?(?:machine|ia|intelligence artificielle)|(?:avec|par|grâce à) <engine>)",
        r"\bcet? (?:article|texte|page|contenu)<any> (?:a été|est) automatiquement traduite?",
        r"\b(?:ceci|il s['’]agit d['’]une|c['’]est une)(?: est une)? traduction automatique",
        r"^\W{0,4}traduite? automatiquement (?:de|du|depuis)\b[^\n]{0,60}$",
    ),
    _notice(
        "es",
        "traduc",
        r"\best[ea] (?:artículo|texto|noticia|nota|página|contenido|publicación)<any> (?:ha sido|fue|se ha|está)<any> ?"
        r"traducid[oa]<any>(?:automáticamente|por (?:una )?(?:máquina|IA|inteligencia artificial)|(?:con|por|mediante) <engine>)",
        r"\best[ea] (?:artículo|texto|noticia|nota|página|contenido) (?:ha sido|fue) automáticamente traducid[oa]",
        r"\b(?:esta es|se trata de) una traducción automática",
        r"^\W{0,4}traducido automáticamente (?:del?|por)\b[^\n]{0,60}$",
    ),
    _notice(
        "it",
        "tradot traduz",
        r"\bquest[oa'’] ?(?:articolo|testo|pagina|notizia|contenuto)<any> (?:è stat[oa]|è)<any> ?"
        r"tradott[oa]<any>(?:automaticamente|da (?:una )?(?:macchina|ia|intelligenza artificiale)|(?:con|da) <engine>)",
        r"\bquest[oa'’] ?(?:articolo|testo|pagina|notizia|contenuto)<any> è stat[oa] automaticamente tradott[oa]",
        r"\b(?:questa è|si tratta di) una traduzione automatica",
        r"^\W{0,4}tradotto automaticamente (?:da|dal)\b[^\n]{0,60}$",
    ),
    _notice(
        "pt",
        "traduz tradução",
        r"\best[ea] (?:artigo|texto|notícia|matéria|página|conteúdo|reportagem)<any> (?:foi|está)<any> ?"
        r"traduzid[oa]<any>(?:automaticamente|por (?:uma )?(?:máquina|IA|inteligência artificial)|(?:com|pelo|por) <engine>)",
        r"\best[ea] (?:artigo|texto|notícia|matéria|página|conteúdo) foi automaticamente traduzid[oa]",
        r"\b(?:esta é|trata-se de) uma tradução automática",
        r"^\W{0,4}traduzido automaticamente (?:de|do|por)\b[^\n]{0,60}$",
    ),
    _notice(
        "nl",
        "vertaa",
        r"\bdi?t (?:artikel|bericht|tekst|verhaal)<any> (?:is|werd)<any>(?:automatisch|machinaal|door (?:AI|een computer)|met <engine>)<any>vertaald",
        r"\bdeze (?:tekst|pagina)<any> (?:is|werd)<any>(?:automatisch|machinaal)<any>vertaald",
        r"\bdit is een (?:automatische|machinale) vertaling",
    ),
    _notice(
        "sv",
        "översat",
        r"\bden (?:här )?(?:artikeln|texten|sidan)<any> (?:är|har|har blivit)<any>(?:maskin|automatiskt|automat)<any>översatt?",
        r"\bdetta är en (?:maskinöversättning|automatisk översättning)",
    ),
    _notice(
        "da",
        "oversat",
        r"\bdenne (?:artikel|tekst|side)<any> (?:er|blev)<any>(?:maskinelt|automatisk|maskin)<any>oversat",
    ),
    _notice(
        "no",
        "oversatt",
        r"\bdenne (?:artikkelen|teksten|siden|saken)<any> (?:er|ble)<any>(?:maskin|automatisk)<any>oversatt",
    ),
    _notice(
        "fi",
        "kään",
        r"\btämä (?:artikkeli|teksti|sivu|uutinen)<any> (?:on)<any>(?:konekään|automaattisesti|koneellisesti)",
    ),
    _notice(
        "pl",
        "tłumacz",
        r"\b(?:ten|niniejszy) (?:artykuł|tekst)<any> (?:został|jest)<any>przetłumaczony<any>(?:automatycznie|maszynowo|przez <engine>|przez (?:sztuczną|AI))",
        r"\b(?:ten|niniejszy) (?:artykuł|tekst)<any> został (?:automatycznie|maszynowo) przetłumaczony",
        r"\bto (?:jest )?tłumaczenie (?:maszynowe|automatyczne)",
    ),
    _notice(
        "cs",
        "přelo",
        r"\b(?:tento|tato) (?:článek|text|stránka|zpráva)<any> (?:byl[ao]?|je)<any>(?:strojově|automaticky)<any>přelo",
    ),
    _notice(
        "sk",
        "prelo",
        r"\b(?:tento|táto) (?:článok|text|stránka|správa)<any> (?:bol[ao]?|je)<any>(?:strojovo|automaticky)<any>prelo",
    ),
    _notice(
        "hu",
        "fordít",
        r"\b(?:ezt a|ez a) (?:cikk|szöveg|hír|oldal)\w{0,3}<any>(?:gépi|automatikus)<any>fordít",
    ),
    _notice(
        "ro",
        "tradus",
        r"\bacest (?:articol|text)<any> (?:a fost|este)<any>tradus<any>automat",
    ),
    _notice(
        "bg",
        "превод",
        r"\b(?:тази|този) (?:статия|текст|новина)<any>(?:машинно|автоматично|автоматичен|машинен)<any>прев",
    ),
    _notice(
        "el",
        "μεταφρ",
        r"\b(?:αυτό το|το παρόν) (?:άρθρο|κείμενο)<any>μεταφράστηκε<any>(?:αυτόματα|μηχανικά)",
    ),
    _notice(
        "ru",
        "перев",
        r"\b(?:эта|этот|данная|данный) (?:статья|текст|материал|новость|страница)<any>(?:машинн|автоматическ)\w{0,4}<any>перев",
        r"\b(?:эта|этот|данная|данный) (?:статья|текст|материал|новость|страница)<any>перев[её]д[её]н\w{0,2}<any>"
        r"(?:автоматически|машин|с помощью (?:<engine>|ии|искусственного)|<engine>)",
        r"\bэто (?:машинный|автоматический) перевод",
    ),
    _notice(
        "uk",
        "перекла",
        r"\b(?:ця|цей|дана|даний) (?:стаття|текст|матеріал|новина|сторінка)<any>(?:машинн|автоматичн)\w{0,4}<any>перекла",
        r"\b(?:ця|цей) (?:стаття|текст|матеріал|новина)<any>перекладен\w{0,2}<any>(?:автоматично|машин|<engine>)",
    ),
    _notice(
        "tr",
        "çev",
        r"\bbu (?:makale|haber|metin|yazı|içerik|sayfa)<any>(?:otomatik|makine|<engine>|yapay zek[aâ])<any>çev[ir]",
    ),
    _notice(
        "id",
        "terjemah",
        r"\b(?:artikel|berita|teks|halaman) ini<any>diterjemahkan<any>(?:secara otomatis|oleh mesin|mesin|<engine>)",
    ),
    _notice(
        "vi",
        "dịch",
        r"\b(?:bài viết|bài báo|văn bản|trang) này<any>(?:được )?dịch<any>(?:tự động|bằng máy|bởi máy|<engine>)",
    ),
    _notice(
        "ar",
        "ترجم",
        r"(?:تمت? ترجمة|تُ?رجم(?:ت)?) (?:هذا|هذه) (?:المقال|المقالة|النص|الخبر|الصفحة|المحتوى)<any>(?:آليا|آليًا|آلياً|تلقائيا|تلقائيًا|تلقائياً)",
        r"هذه ترجمة (?:آلية|تلقائية)",
    ),
    _notice(
        "fa",
        "ترجمه",
        r"این (?:مقاله|متن|خبر|مطلب|صفحه)<any>(?:ماشینی|خودکار|به طور خودکار|به‌طور خودکار|به صورت خودکار)<any>ترجمه",
        r"این (?:مقاله|متن|خبر|مطلب|صفحه)<any>ترجمه<any>(?:ماشینی|خودکار)",
    ),
    _notice(
        "ur",
        "ترجمہ",
        r"(?:یہ|اس) (?:مضمون|خبر|تحریر|متن|صفحہ|صفحے)<any>(?:مشینی|خودکار)<any>ترجمہ",
    ),
    _notice(
        "he",
        "תורגמ",
        r"(?:כתבה|הכתבה|מאמר|המאמר|ידיעה|הידיעה) (?:זו|זה|הזו|הזה)<any>תורגמה?<any>(?:אוטומטית|באופן אוטומטי|במכונה|בתרגום מכונה)",
    ),
    _notice(
        "hi",
        "अनु",
        r"(?:यह|इस) (?:लेख|खबर|समाचार|पाठ|पृष्ठ)<any>(?:मशीन|स्वचालित|ऑटोमैटिक)<any>अनु",
    ),
    _notice(
        "zh",
        "翻",
        r"(?:本文|此文|本篇|本页面?|本頁面?|这篇文章|這篇文章|本报道)[^。\n]{0,20}(?:机器|機器|自动|自動|谷歌|AI|人工智能)[^。\n]{0,8}(?:翻译|翻譯)",
    ),
    _notice(
        "ja",
        "翻訳",
        r"(?:この|本)(?:記事|文章|ページ|コンテンツ|テキスト)[^。\n]{0,20}(?:機械|自動|AI)[^。\n]{0,8}翻訳",
    ),
    _notice(
        "ko",
        "번역",
        r"(?:이|본) (?:기사|글|문서|페이지|콘텐츠)[^.\n]{0,20}(?:기계|자동|AI|인공지능)[^.\n]{0,8}번역",
    ),
)

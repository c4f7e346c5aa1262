"""The set phrases of pages around articles, per language, as ``line_phrases`` reads them.

One phrase a line: how the line begins; ``…`` is anything, ``$`` the end of the line. A phrase
belongs here only if no sentence of a report begins like that: orders to the reader, labels
with a colon, whole lines. Longer is safer: "follow us", not "follow".
"""

from __future__ import annotations

from typing import Final

from dedup.artifacts.line_phrases import LinePhrases

CALLS: Final = LinePhrases("""
# en
sign up for
sign up to
sign up now
sign up today
sign up here
sign up below
sign up$
subscribe to
subscribe now
subscribe today
subscribe here
subscribe for
subscribe$
already a subscriber
become a subscriber
become a member
get … newsletter
get … delivered to your
get … in your inbox
get … to your inbox
get breaking news
get the latest … alerts
get home delivery
get unlimited access
let our news meet your inbox
want … by email
want … by e-mail
want … newsletter
want to submit a story
our newsletter$
newsletter sign
by signing up
by subscribing, you
by clicking … you agree
you can unsubscribe
enter your email
enter your e-mail
this site is protected by recaptcha
you can also follow
follow us
follow me
follow @
follow … on twitter
follow … on facebook
follow … on instagram
follow … @
like us on
like … on facebook
join us on
join the conversation
join the discussion
join our newsletter
join our mailing list
join our community
join our facebook
join our telegram
join our whatsapp
for more … follow us
for more … follow me
for more … follow @
for more on … on twitter
for more … sign up for
for more information … visit
for more on … visit
for more by … visit
for more stories
find us on
tweet us
have a news tip
have a tip
got a tip
got a news tip
got a story
if you have any news tips
if you have a story
do you have a story
send tips
send your tips
send your comments
send your questions
send your stories
send your photos
send your letters
email us
e-mail us
email … @
e-mail … @
reach … at … @
reach … on twitter
contact us
contact the author
contact the writer
contact the reporter
contact … @
contact reporter
what did you like?
let us know … @
tell us what you think
write to … @
download the … app
download our
click here
click for
tap here
support our journalism
support our work
support independent
please support
make a donation
thank you for reading
thanks for reading
the opinions expressed
the views expressed
opinions expressed
views expressed
check out this story
read or share this story
read more or share this story
read the original story
visit … homepage for more
watch the latest video at
listen to this article
# de
jetzt abonnieren
abonnieren sie
abonniere
newsletter abonnieren
newsletter bestellen
melden sie sich … newsletter
hier … newsletter
folgen sie uns
folge uns
folgen sie … auf twitter
folgen sie … auf facebook
hier geht es zu
hier finden sie
klicken sie hier
diskutieren sie mit
schreiben sie uns
haben sie einen hinweis
lesen sie … app
jetzt herunterladen
jetzt kostenlos
# fr
abonnez-vous
inscrivez-vous
s'abonner
s'inscrire à la newsletter
recevez … newsletter
recevez … par mail
recevez … boîte mail
suivez-nous
suivez … sur twitter
suivez … sur facebook
retrouvez-nous sur
retrouvez … sur facebook
rejoignez-nous
cliquez ici
téléchargez … application
partagez cet article
réagissez
# es
suscríbete
suscríbase
suscribirse
regístrate
apúntate … newsletter
recibe … newsletter
recibe … en tu correo
síguenos
síganos
sigue … en twitter
sigue … en facebook
sigue toda la información
únete a
haz clic
haga clic
pincha aquí
descarga … app
comparte esta
# pt
assine a nossa
assine o nosso
assine já
subscreva
inscreva-se
receba … no seu e-mail
receba … newsletter
siga-nos
siga o … no twitter
siga o … no instagram
siga a … no
siga o canal
clique aqui
baixe o app
baixe o aplicativo
participe do canal
# it
iscriviti
abbonati
seguici
segui … su twitter
segui … su facebook
clicca qui
scarica … app
ricevi … newsletter
# ru
подписывайтесь
подпишитесь
подписаться на канал
подписаться на рассылку
подписаться на новости
следите за … в telegram
следите за нами
читайте нас
присоединяйтесь к
нажмите здесь
наш канал в
наш телеграм-канал
# ur
ہمیں فالو کریں
ہمارے … فالو کریں
سبسکرائب کریں
یہاں کلک کریں
ہمارا … چینل سبسکرائب
# hi
हमें फॉलो करें
हमें … फॉलो करें
सब्सक्राइब करें
यहां क्लिक करें
यहाँ क्लिक करें
बीबीसी हिन्दी के एंड्रॉएड ऐप
(बीबीसी हिन्दी के
# ar
تابعونا على
تابعوا … على تويتر
تابع … على تويتر
اشترك في النشرة
اشترك في قناة
اشتركوا في
للاشتراك في النشرة
انضموا إلينا
اضغط هنا
# zh
关注我们
订阅我们
订阅电子报
请点击此处
点击这里
點擊這裡
訂閱我們
關注我們
扫描二维码
下载客户端
# ja
フォローする
ニュースレター登録
メールマガジン登録
会員登録
無料登録
登録はこちら
こちらをクリック
""")
"""What the page asks the reader to do: subscribe, follow, write, click, pay."""

CONTROLS: Final = LinePhrases("""
# en
share$
share this
share on
share tweet
share via
share article
share the story
tweet$
tweet this
email$
e-mail$
email this
e-mail this
print$
print this
printer friendly
printer-friendly
printable version
save$
sent!$
posted!$
cancelsend
post to facebook
a link has been sent
copy link
comments$
comments (
view comments
read comments
show comments
hide comments
read the comments
leave a comment
add a comment
post a comment
add your comment
be the first to comment
comments are closed
this article does not have any comments
story continues
story continued
article continues
continue reading
(story continues
slideshow (
slideshow:
photo gallery$
view gallery
view photos
view slideshow
launch slideshow
hide caption
toggle caption
enlarge this image
play video
watch video
media playback is not supported on this device$
video length
duration$
skip to
back to top
back to article
top$
feedback$
site map
privacy policy
terms of use
terms of service
terms and conditions
terms & conditions
about us$
about us |
advertise with us
contact newsroom
advertiser content
advertiser link
sponsored content
sponsored by$
paid content
paid post
from our partners$
most read$
most popular$
trending$
trending now
up next$
local news$
article search$
other stories$
keywords:
tags:
filed under:
topics:
this article is more than … old
this article tagged under
chat with us
interested in … add … as an interest
sign in$
log in$
login$
register$
search$
menu$
loading$
[pullquote
[summary
pullquote$
caption$
credit$
read more$
show more$
# de
teilen$
artikel teilen
drucken$
kommentare$
kommentieren$
kommentar schreiben
zur startseite
merken$
per e-mail
artikel versenden
nach oben
mehr zum thema$
weiterlesen
datenschutz
impressum$
artikel anhören
# fr
partager$
partager sur
partager l'article
imprimer$
commenter$
commentaires$
envoyer par
lire la suite
la suite après
publié le
mis à jour le
mentions légales
haut de page
# es
compartir$
compartir en
comparte$
imprimir$
comentarios$
enviar por
ver comentarios
leer más$
archivado en
# pt
compartilhar$
compartilhe$
comentários$
comentar$
continua após
continua depois
leia mais$
# it
condividi
stampa$
commenti$
commenta$
leggi tutto
continua a leggere
# ru
поделиться$
комментарии$
распечатать
обсудить$
читать далее
комментировать$
# ur
شیئر کریں
تبصرے$
مزید پڑھیں$
# hi
शेयर करें
टिप्पणियां$
और पढ़ें$
# ar
شارك$
مشاركة$
طباعة$
تعليقات$
التعليقات
اقرأ المزيد$
# zh
分享到
分享$
打印$
评论$
責任編輯
责任编辑
# ja
シェア$
シェアする
ツイート
印刷
コメント$
続きを読む
この記事をシェア
""")
"""What the reader may press or sees beside the text: share, print, comments, site links."""

RELATED: Final = LinePhrases("""
# en
also read:
read also:
also read$
read more:
read more about
read more at
read more from
read more on
read:
read next
more:
more from …:
more on this$
more stories$
more stories from
more stories:
more coverage$
more coverage:
more … coverage
more … news$
also:
also$
also on …:
also see:
see also
see the most-read
see more$
see more:
see related
related$
related:
related stories
related articles
related news
related links
related content
related to story
related coverage
related story
related video
related photos
you may also
you might also
must read:
must-read:
must read$
must reads
don't miss:
recommended for you
recommended:
recommended stories
what to read next
from our archives
explore more
watch:
video:
photos:
photo gallery:
gallery:
listen:
listen now:
live:
on the net$
on the net:
update:$
updates:$
click for more
the full story$
read the full
full coverage:
editor's picks
editors' picks
editor's choice
editors choice
top stories$
more top stories$
# de
lesen sie auch
lesen sie hier
lesen sie dazu
lesen sie mehr
lesen sie weiter
lesen sie jetzt
auch interessant
auch lesen
das könnte sie auch
das könnte dich auch
mehr zum thema
mehr dazu:
mehr dazu$
mehr dazu lesen
mehr lesen
siehe auch
weitere artikel
weitere nachrichten
weitere informationen:
zum thema:
lesetipp
video:
# fr
lire aussi
à lire aussi
a lire aussi
lire également
à lire également
voir aussi
à voir aussi
sur le même sujet
en savoir plus:
en savoir plus :
vidéo.
vidéo:
# es
lea también
lee también
leer también
lea además
te puede interesar
le puede interesar
te recomendamos
ver también
vea también
mira también
más información:
más información$
más sobre:
más sobre este
noticias relacionadas
temas relacionados
relacionado:
relacionadas
además:
vídeo:
# pt
leia também
leia mais:
leia mais sobre
leia ainda
veja também
veja mais
confira também
saiba mais
ler também
mais notícias
notícias relacionadas
# it
leggi anche
leggi di più
vedi anche
guarda anche
per approfondire
potrebbe interessarti
ti potrebbe interessare
articoli correlati
# ru
читайте также
смотрите также
см. также
читать также
по теме:
по теме$
материалы по теме
другие новости
ещё по теме
еще по теме
# ur
یہ بھی پڑھیں
مزید پڑھیں
یہ بھی دیکھیں
متعلقہ خبریں
# hi
यह भी पढ़ें
ये भी पढ़ें
इसे भी पढ़ें
और पढ़ें
संबंधित ख़बरें
# ar
اقرأ أيضا
اقرأ أيضًا
اقرأ أيضاً
إقرأ أيضا
طالع أيضا
شاهد أيضا
مواضيع ذات صلة
أخبار ذات صلة
# zh
延伸阅读
相关阅读
相关新闻
相关报道
相关链接
延伸閱讀
相關新聞
更多新闻
推荐阅读
# ja
関連記事
あわせて読みたい
合わせて読みたい
こちらも読む
""")
"""What leads to other articles, the title of one of which may follow in the line."""

RELATED_HEADINGS: Final = LinePhrases("""
# en
also$
also read$
read more$
read also$
see also$
related$
related stories$
related articles$
related links$
related coverage$
related content$
related news from the web$
more stories$
more on this$
more from …:$
more … coverage$
more … news$
recommended$
recommended stories$
recommended for you$
on the net$
must reads$
you may also like$
you might also like$
what to read next$
editors' picks$
editor's picks$
# de
lesen sie auch$
mehr zum thema$
auch interessant$
das könnte sie auch interessieren$
weitere artikel$
# fr
lire aussi$
à lire aussi$
sur le même sujet$
# es
lea también$
te puede interesar$
noticias relacionadas$
más información$
# pt
leia também$
veja também$
notícias relacionadas$
# it
leggi anche$
articoli correlati$
potrebbe interessarti$
# ru
читайте также$
по теме$
материалы по теме$
смотрите также$
# ur
یہ بھی پڑھیں$
مزید پڑھیں$
متعلقہ خبریں$
# hi
यह भी पढ़ें$
ये भी पढ़ें$
और पढ़ें$
# ar
اقرأ أيضا$
اقرأ أيضًا$
مواضيع ذات صلة$
أخبار ذات صلة$
# zh
延伸阅读$
相关阅读$
相关新闻$
相关报道$
推荐阅读$
# ja
関連記事$
あわせて読みたい$
""")
"""Headings below which nothing but the titles of other articles stands."""

COPYRIGHTS: Final = LinePhrases(
    """
# all
©
copyright ©
copyright (c)
# en
copyright$
copyright 1
copyright 2
copyright by
copyright and trade
all rights reserved
all content ©
(c) 2
this material may not be
may not be published
published, broadcast, rewritten
no part of this
reproduction in whole
content created by
unauthorized reproduction
licensed under cc
licensed under a creative
licensed under creative
associated press … all rights reserved
the associated press … all rights reserved
# de
alle rechte vorbehalten
© dpa
nachdruck, auch auszugsweise
copyright dpa
# fr
tous droits réservés
tous droits de reproduction
reproduction interdite
# es
todos los derechos reservados
derechos reservados
prohibida la reproducción
# pt
todos os direitos reservados
é proibida a reprodução
# it
tutti i diritti riservati
riproduzione riservata
© riproduzione riservata
# ru
все права защищены
все права на материалы
при полном или частичном использовании
при использовании материалов
перепечатка
# ur
جملہ حقوق محفوظ
تمام حقوق محفوظ
# hi
सर्वाधिकार सुरक्षित
# ar
جميع الحقوق محفوظة
حقوق النشر
كافة الحقوق محفوظة
# zh
版权所有
版权声明
版權所有
未经授权…转载
未经许可…转载
# ja
無断転載
記事・写真の無断
無断複製
""",
    torn=True,
)
"""Who owns the text, and what may not be done with it."""

STAMPS: Final = LinePhrases(
    """
# en
posted:
posted on
posted at
updated:
updated at
updated on
last updated
last modified
first published
published:
published on
published at
originally published
# de
aktualisiert am
aktualisiert:
zuletzt aktualisiert
veröffentlicht am
erstellt am
stand:
# fr
publié le
mis à jour le
modifié le
# es
publicado el
publicado en
actualizado el
actualizado:
actualizada el
# pt
publicado em
atualizado em
atualizada em
# it
pubblicato il
aggiornato il
ultimo aggiornamento
# ru
опубликовано
обновлено
# ur
تاریخ اشاعت
# hi
प्रकाशित:
अपडेटेड
पब्लिश
# ar
نشر في
آخر تحديث
تاريخ النشر
# zh
发布时间
更新时间
發布時間
# ja
公開日
更新日
最終更新
""",
    longest=70,
)
"""When the text appeared. A longer line may be a sentence: "Published in May, the report ..."."""

VERSIONS: Final = LinePhrases("""
# en
this article was originally published at
this story was originally published at
this post was originally published at
this article was first published at
this story has been updated
this article has been updated
this post has been updated
this report has been updated
this report was updated
this story was updated
this article was updated
this post was updated
this story will be updated
this post will be updated
this is a developing story
this is a breaking news story
this story is developing
# de
dieser artikel wurde aktualisiert
dieser text wurde aktualisiert
# fr
cet article a été mis à jour
# es
esta noticia ha sido actualizada
este artículo ha sido actualizado
# pt
esta reportagem está em atualização
# it
articolo in aggiornamento
# ru
новость дополняется
""")
"""That the text was changed, or will be."""

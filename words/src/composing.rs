//! What can be typed, and why something was not sent.

use crate::Row;

/// The verbs, and what follows them.
pub(crate) const VERBS: &[Row] = &[
    [
        "Whisper: shown to that member alone.",
        "Flüstern: nur diesem Mitglied gezeigt.",
        "همس: لا يُعرض إلا لذلك العضو.",
    ],
    [
        "Say what you do: “/me waves”.",
        "Sagen, was du tust: „/me winkt“.",
        "قل ما تفعله: «‎/me يلوّح».",
    ],
    ["Put a member out of the room.", "Ein Mitglied entfernen.", "أخرج عضوًا من الغرفة."],
    [
        "Hide what a member says from now on, from you alone.",
        "Von jetzt an vor dir allein verbergen, was ein Mitglied sagt.",
        "أخفِ عنك وحدك ما يقوله عضو من الآن.",
    ],
    [
        "Show what a muted member says again.",
        "Wieder zeigen, was ein stummgeschaltetes Mitglied sagt.",
        "أظهر ما يقوله عضو مكتوم من جديد.",
    ],
    [
        "Make another member the host.",
        "Ein anderes Mitglied zum Gastgeber machen.",
        "اجعل عضوًا آخر المضيف.",
    ],
    [
        "Leave the room, with a last word if you like.",
        "Den Raum verlassen, auf Wunsch mit einem letzten Wort.",
        "غادر الغرفة، بكلمة أخيرة إن شئت.",
    ],
    ["End the room for everybody.", "Den Raum für alle beenden.", "أنهِ الغرفة على الجميع."],
    [
        "Say who may come in, or forget the wrong passwords tried.",
        "Sagen, wer hereinkommen darf, oder falsche Passwörter vergessen.",
        "حدّد من يحق له الدخول، أو امحُ كلمات السر الخاطئة.",
    ],
    [
        "Say how long messages stay, on everybody’s page.",
        "Sagen, wie lange Nachrichten auf allen Seiten bleiben.",
        "حدّد مدة بقاء الرسائل في صفحات الجميع.",
    ],
    [
        "Make a new link. The old one stops working; everybody inside stays.",
        "Einen neuen Link machen. Der alte gilt nicht mehr; alle drinnen bleiben.",
        "أنشئ رابطًا جديدًا. يتوقف القديم، ويبقى كل من في الداخل.",
    ],
    [
        "Show the words to compare, so that you know who is here.",
        "Die Wörter zum Vergleichen zeigen, damit du weißt, wer hier ist.",
        "أظهر كلمات المقارنة لتعرف من هنا.",
    ],
    ["Show what can be typed.", "Zeigen, was man schreiben kann.", "أظهر ما يمكن كتابته."],
    [
        "Say something that begins with a slash.",
        "Etwas sagen, das mit einem Schrägstrich beginnt.",
        "قل شيئًا يبدأ بشرطة مائلة.",
    ],
    [
        "Whoever has the link comes in.",
        "Wer den Link hat, kommt herein.",
        "يدخل كل من لديه الرابط.",
    ],
    [
        "The host is asked before anybody comes in.",
        "Der Gastgeber wird gefragt, bevor jemand hereinkommt.",
        "يُسأل المضيف قبل دخول أي أحد.",
    ],
    ["Nobody comes in.", "Niemand kommt herein.", "لا يدخل أحد."],
    [
        "Forget the wrong passwords tried at the door.",
        "Die an der Tür versuchten falschen Passwörter vergessen.",
        "امحُ كلمات السر الخاطئة التي جُرّبت عند الباب.",
    ],
    ["Messages stay.", "Nachrichten bleiben.", "تبقى الرسائل."],
    [
        "Messages go after an hour.",
        "Nachrichten vergehen nach einer Stunde.",
        "تختفي الرسائل بعد ساعة.",
    ],
    [
        "Messages go after five minutes.",
        "Nachrichten vergehen nach fünf Minuten.",
        "تختفي الرسائل بعد خمس دقائق.",
    ],
    [
        "Messages go after half a minute.",
        "Nachrichten vergehen nach einer halben Minute.",
        "تختفي الرسائل بعد نصف دقيقة.",
    ],
    ["Mention somebody in the room.", "Jemanden im Raum nennen.", "اذكر أحدًا في الغرفة."],
];

/// The help.
pub(crate) const HELP: &[Row] = &[
    ["What can be typed", "Was man schreiben kann", "ما يمكن كتابته"],
    ["Commands", "Befehle", "أوامر"],
    ["Formatting", "Formatierung", "تنسيق"],
    ["Keys", "Tasten", "مفاتيح"],
    ["bold", "fett", "غامق"],
    ["italic", "kursiv", "مائل"],
    ["struck through", "durchgestrichen", "مشطوب"],
    ["as it is typed", "wie geschrieben", "كما كُتب"],
    [
        "begins and ends a listing, on lines of its own",
        "beginnt und beendet ein Listing, in eigenen Zeilen",
        "يبدأ نصًا حرفيًا وينهيه، في سطر مستقل",
    ],
    ["a quote", "ein Zitat", "اقتباس"],
    ["HTML’s formatting tags", "Formatierungen von HTML", "وسوم التنسيق في HTML"],
    [
        "a link, which asks before it opens",
        "ein Link, der fragt, bevor er sich öffnet",
        "رابط يسأل قبل أن يُفتح",
    ],
    ["Send.", "Senden.", "إرسال."],
    ["Begin a line.", "Eine neue Zeile beginnen.", "بدء سطر."],
    ["Bold, italic, as it is typed.", "Fett, kursiv, wie geschrieben.", "غامق، مائل، كما كُتب."],
    ["Struck through.", "Durchgestrichen.", "مشطوب."],
    ["Paste without formatting.", "Ohne Formatierung einfügen.", "لصق بلا تنسيق."],
    [
        "Take the first completion; the arrows choose another.",
        "Die erste Vervollständigung nehmen; die Pfeile wählen eine andere.",
        "خذ أول إكمال، والأسهم تختار غيره.",
    ],
    [
        "In an empty field: bring back what you sent.",
        "Im leeren Feld: zurückholen, was du gesendet hast.",
        "في حقل فارغ: استعد ما أرسلته.",
    ],
    [
        "Choose a message to reply to.",
        "Eine Nachricht wählen, auf die du antwortest.",
        "اختر رسالة للرد عليها.",
    ],
    [
        "Where nothing is being written: show this.",
        "Wo nichts geschrieben wird: dies zeigen.",
        "حيث لا يُكتب شيء: أظهر هذا.",
    ],
    [
        "Fold the completions away; close what is open.",
        "Vervollständigungen einklappen; schließen, was offen ist.",
        "اطوِ الإكمالات، وأغلق المفتوح.",
    ],
    [
        "Cover tracks: leave at once for an empty page.",
        "Spuren verwischen: sofort zu einer leeren Seite.",
        "إخفاء الأثر: مغادرة فورية إلى صفحة فارغة.",
    ],
];

/// Why something was not sent, or a press led nowhere.
pub(crate) const PROBLEMS: &[Row] = &[
    [
        "Only the host of this room may do that.",
        "Das darf nur der Gastgeber dieses Raums.",
        "هذا لا يحق إلا لمضيف الغرفة.",
    ],
    [
        "That needs the connection, which is down. It is being tried again; try then.",
        "Das braucht die Verbindung, und die ist unterbrochen. Sie wird wieder versucht; dann noch \
         einmal.",
        "يحتاج هذا إلى الاتصال وهو مقطوع. تُعاد المحاولة، فحاول بعدها.",
    ],
    [
        "Too many messages are waiting for the connection. Keep this one until it is back.",
        "Zu viele Nachrichten warten auf die Verbindung. Behalte diese, bis sie zurück ist.",
        "رسائل كثيرة تنتظر الاتصال. احتفظ بهذه حتى يعود.",
    ],
    [
        "The connection went down before the room was ended. Type /stop again to end it.",
        "Die Verbindung brach ab, bevor der Raum beendet war. Schreib noch einmal /stop.",
        "انقطع الاتصال قبل إنهاء الغرفة. اكتب ‎/stop مجددًا لإنهائها.",
    ],
    [
        "The connection went down before {0} was put out. Try again.",
        "Die Verbindung brach ab, bevor {0} entfernt war. Versuche es noch einmal.",
        "انقطع الاتصال قبل إخراج {0}. حاول مجددًا.",
    ],
    [
        "The connection went down before the rules were changed. Try again.",
        "Die Verbindung brach ab, bevor die Regeln geändert waren. Versuche es noch einmal.",
        "انقطع الاتصال قبل تغيير القواعد. حاول مجددًا.",
    ],
    [
        "The connection went down before the room had another host. Try again.",
        "Die Verbindung brach ab, bevor der Raum einen anderen Gastgeber hatte. Versuche es noch \
         einmal.",
        "انقطع الاتصال قبل أن يصير للغرفة مضيف آخر. حاول مجددًا.",
    ],
    [
        "The connection went down before the link was renewed. Try again.",
        "Die Verbindung brach ab, bevor der Link erneuert war. Versuche es noch einmal.",
        "انقطع الاتصال قبل تجديد الرابط. حاول مجددًا.",
    ],
    [
        "The room was changing too fast for that. Try again.",
        "Der Raum änderte sich dafür zu schnell. Versuche es noch einmal.",
        "كانت الغرفة تتغير بسرعة. حاول مجددًا.",
    ],
    [
        "That member is no longer here.",
        "Dieses Mitglied ist nicht mehr hier.",
        "لم يعد هذا العضو هنا.",
    ],
    ["That is you. Name somebody else.", "Das bist du. Nenne jemand anderen.", "هذا أنت. سمِّ غيرك."],
    [
        "That message cannot be replied to: it is on its way, or gone.",
        "Auf diese Nachricht kann man nicht antworten: Sie ist unterwegs, oder weg.",
        "لا يمكن الرد على هذه الرسالة: إما في الطريق وإما اختفت.",
    ],
    [
        "A picture is still on its way. Send the next when it has arrived, or take it back.",
        "Ein Bild ist noch unterwegs. Sende das nächste, wenn es angekommen ist, oder nimm es zurück.",
        "ما زالت صورة في الطريق. أرسل التالية بعد وصولها، أو اسحبها.",
    ],
    [
        "That is no picture this browser can open. Try a JPEG, PNG or WebP file.",
        "Das ist kein Bild, das dieser Browser öffnen kann. Nimm eine JPEG-, PNG- oder WebP-Datei.",
        "ليست هذه صورة يستطيع المتصفح فتحها. جرّب ملف JPEG أو PNG أو WebP.",
    ],
    [
        "That picture is too large to open here. Make it smaller first: 40 MB at the most.",
        "Dieses Bild ist zu groß, um es hier zu öffnen. Mach es erst kleiner: höchstens 40 MB.",
        "هذه الصورة أكبر من أن تُفتح هنا. صغّرها أولًا: ٤٠ ميغابايت على الأكثر.",
    ],
    ["That is so already.", "Das ist schon so.", "الأمر كذلك بالفعل."],
    [
        "This room is too large for that.",
        "Dieser Raum ist dafür zu groß.",
        "هذه الغرفة أكبر من ذلك.",
    ],
    [
        "This is too long for one message. Send it in parts.",
        "Das ist zu lang für eine Nachricht. Sende es in Teilen.",
        "هذا أطول من رسالة واحدة. أرسله أجزاء.",
    ],
    [
        "There is no command /{0}. /help lists them; begin with // to say it instead.",
        "Es gibt keinen Befehl /{0}. /help zeigt alle; beginne mit //, um es zu sagen.",
        "لا يوجد أمر ‎/{0}. تعرض ‎/help الأوامر، وابدأ بـ ‎// لقول ذلك.",
    ],
    [
        "There is no command /{0}. Did you mean /{1}? /help lists them; begin with // to say it instead.",
        "Es gibt keinen Befehl /{0}. Meintest du /{1}? /help zeigt alle; beginne mit //, um es zu \
         sagen.",
        "لا يوجد أمر ‎/{0}. هل قصدت ‎/{1}؟ تعرض ‎/help الأوامر، وابدأ بـ ‎// لقول ذلك.",
    ],
    ["Nobody here is called {0}.", "Hier heißt niemand {0}.", "لا أحد هنا يُدعى {0}."],
    [
        "Nobody here is called {0}. Did you mean {1}?",
        "Hier heißt niemand {0}. Meintest du {1}?",
        "لا أحد هنا يُدعى {0}. هل قصدت {1}؟",
    ],
    [
        "More than one member could be {0}. Type the name with its capitals as shown.",
        "Mehr als ein Mitglied könnte {0} sein. Schreib den Namen genau wie gezeigt, groß und klein.",
        "قد يكون {0} أكثر من عضو. اكتب الاسم بأحرفه الكبيرة كما يظهر.",
    ],
    ["Whom? Type {0}", "Wen? Schreib {0}", "من؟ اكتب {0}"],
    ["And say what? Type {0}", "Und was? Schreib {0}", "وماذا تقول؟ اكتب {0}"],
    [
        "Messages can stay for one of these: type {0}",
        "Nachrichten bleiben eine von diesen Zeiten: Schreib {0}",
        "تبقى الرسائل إحدى هذه المدد: اكتب {0}",
    ],
    [
        "The door can be one of these: type {0}",
        "Die Tür kann eines davon sein: Schreib {0}",
        "يكون الباب أحد هذه: اكتب {0}",
    ],
    [
        "Nothing follows {0}. Type it alone, or begin with // to say it instead.",
        "Auf {0} folgt nichts. Schreib es allein, oder beginne mit //, um es zu sagen.",
        "لا شيء يتبع {0}. اكتبه وحده، أو ابدأ بـ ‎// لقول ذلك.",
    ],
    ["Write something first.", "Schreib erst etwas.", "اكتب شيئًا أولًا."],
    [
        "This nests formatting more than {0} deep. Take some of it out.",
        "Hier ist Formatierung mehr als {0} tief geschachtelt. Nimm etwas davon weg.",
        "التنسيق هنا متداخل أعمق من {0}. احذف بعضه.",
    ],
    [
        "This has more than {0} pieces of formatting and line breaks. \
         Send it in parts, or put a long listing between two lines of ```.",
        "Das hat mehr als {0} Teile Formatierung und Zeilenumbrüche. \
         Sende es in Teilen, oder setze ein langes Listing zwischen zwei Zeilen ```.",
        "في هذا أكثر من {0} قطعة تنسيق وفاصل سطر. \
         أرسله أجزاء، أو ضع النص الطويل بين سطرين من ```.",
    ],
    ["`{0}` cannot hold anything.", "`{0}` kann nichts enthalten.", "لا يمكن أن يحوي `{0}` شيئًا."],
    [
        "A link cannot hold another link.",
        "Ein Link kann keinen Link enthalten.",
        "لا يحوي الرابط رابطًا آخر.",
    ],
    ["This message is damaged.", "Diese Nachricht ist beschädigt.", "هذه الرسالة تالفة."],
    [
        "A link is broken: the address is longer than {0} bytes.",
        "Ein Link ist kaputt: Die Adresse ist länger als {0} Bytes.",
        "رابط معطوب: العنوان أطول من {0} بايت.",
    ],
    [
        "A link is broken: only https:// and mailto: addresses can be links.",
        "Ein Link ist kaputt: Nur https://- und mailto:-Adressen können Links sein.",
        "رابط معطوب: الروابط هي عناوين https://‎ و mailto:‎ فقط.",
    ],
    [
        "A link is broken: an address with a user name or a password in it cannot be a link.",
        "Ein Link ist kaputt: Eine Adresse mit Benutzernamen oder Passwort kann kein Link sein.",
        "رابط معطوب: لا يكون عنوان فيه اسم مستخدم أو كلمة سر رابطًا.",
    ],
    [
        "A link is broken: the address has no proper host.",
        "Ein Link ist kaputt: Die Adresse hat keinen richtigen Host.",
        "رابط معطوب: ليس في العنوان مضيف صحيح.",
    ],
    [
        "A link is broken: a mailto: address is one plain mailbox, without header fields.",
        "Ein Link ist kaputt: Eine mailto:-Adresse ist ein einfaches Postfach, ohne Kopfzeilen.",
        "رابط معطوب: عنوان mailto:‎ صندوق بريد واحد بلا حقول ترويسة.",
    ],
    [
        "A link is broken: the address has a character that does not belong in one.",
        "Ein Link ist kaputt: Die Adresse hat ein Zeichen, das dort nicht hingehört.",
        "رابط معطوب: في العنوان محرف لا مكان له فيه.",
    ],
];

//! Inside a room: around the conversation, and over it.

use crate::Row;

/// What stands around the timeline.
pub(crate) const AROUND: &[Row] = &[
    ["Skip to writing", "Zum Schreiben springen", "انتقل إلى الكتابة"],
    ["About this room", "Über diesen Raum", "عن هذه الغرفة"],
    ["Close", "Schließen", "إغلاق"],
    ["Room", "Raum", "الغرفة"],
    ["Invite", "Einladen", "دعوة"],
    ["People", "Leute", "الناس"],
    ["Safety", "Prüfwörter", "الأمان"],
    ["Safety words", "Prüfwörter", "كلمات الأمان"],
    ["Help", "Hilfe", "مساعدة"],
    ["Leave", "Verlassen", "مغادرة"],
    ["Leave at once for an empty page", "Sofort zu einer leeren Seite", "غادر فورًا إلى صفحة فارغة"],
    ["Cover tracks", "Spuren verwischen", "إخفاء الأثر"],
    ["{0} here", "{0} hier", "{0} هنا"],
    ["Fades: 1 h", "Vergeht: 1 Std.", "تختفي: ساعة"],
    ["Fades: 5 min", "Vergeht: 5 Min.", "تختفي: ٥ دقائق"],
    ["Fades: 30 s", "Vergeht: 30 Sek.", "تختفي: ٣٠ ثانية"],
    [
        "Messages go from everybody’s page after this time",
        "Nach dieser Zeit verschwinden Nachrichten von allen Seiten",
        "تختفي الرسائل من صفحات الجميع بعد هذه المدة",
    ],
    ["Local time", "Ortszeit", "الوقت المحلي"],
    ["Connected. Catching up…", "Verbunden. Verpasstes wird nachgeholt …", "متصل. يُستدرك ما فات…"],
    [
        "Connection lost. Trying again…",
        "Verbindung verloren. Neuer Versuch …",
        "انقطع الاتصال. تُعاد المحاولة…",
    ],
    ["Conversation", "Gespräch", "المحادثة"],
    ["New", "Neu", "جديد"],
    ["Newest", "Zum Neuesten", "الأحدث"],
    ["{0} new below", "Neu darunter: {0}", "جديد أدناه: {0}"],
    ["You", "Du", "أنت"],
    ["Somebody (no. {0})", "Jemand (Nr. {0})", "أحدهم (رقم {0})"],
    ["Key tag ", "Schlüsselzeichen ", "وسم المفتاح "],
    ["Key tag {0}", "Schlüsselzeichen {0}", "وسم المفتاح {0}"],
    ["{0} whispered to somebody.", "{0} hat jemandem etwas zugeflüstert.", "همس {0} لأحدهم."],
    ["{0} whispered to {1}", "{0} hat {1} zugeflüstert", "همس {0} إلى {1}"],
    ["{0} whispered to you", "{0} hat dir zugeflüstert", "همس {0} إليك"],
    ["You whispered to {0}", "Du hast {0} zugeflüstert", "همستَ إلى {0}"],
    [
        "From this server’s operator, not encrypted",
        "Vom Betreiber dieses Servers, nicht verschlüsselt",
        "من مشغّل هذا الخادم، غير مشفّر",
    ],
    ["sending…", "wird gesendet …", "يُرسَل…"],
    [
        "A character that would hide or act, shown by its name",
        "Ein Zeichen, das verbergen oder wirken würde, mit seinem Namen gezeigt",
        "محرف يُخفي أو يؤثّر، يُعرض باسمه",
    ],
    ["Copy", "Kopieren", "نسخ"],
    ["Reply", "Antworten", "رد"],
    ["Reply to {0}", "Antwort an {0}", "رد على {0}"],
    ["In reply to ", "Antwort auf ", "ردًّا على "],
    [
        "In reply to a message that is not here",
        "Antwort auf eine Nachricht, die nicht hier ist",
        "رد على رسالة ليست هنا",
    ],
    ["Do not reply", "Nicht antworten", "لا ترد"],
    ["Message", "Nachricht", "رسالة"],
    ["Write, or / for commands", "Schreiben, oder / für Befehle", "اكتب، أو / للأوامر"],
    ["Send", "Senden", "إرسال"],
    [
        "Nobody else is here to read this.",
        "Außer dir ist niemand hier, um das zu lesen.",
        "لا أحد غيرك هنا ليقرأ هذا.",
    ],
    ["A command is sent to nobody.", "Ein Befehl wird niemandem gesendet.", "لا يُرسل الأمر إلى أحد."],
    [
        "Only {0} can read this whisper.",
        "Nur {0} kann dieses Flüstern lesen.",
        "لا يقرأ هذه الهمسة إلا {0}.",
    ],
    [
        "Only you and {0} can read this.",
        "Nur du und {0} können das lesen.",
        "لا يقرأ هذا إلا أنت و{0}.",
    ],
    [
        "Only the {0} of you can read this.",
        "Nur ihr {0} könnt das lesen.",
        "لا يقرأ هذا إلا أنتم الـ{0}.",
    ],
    ["Completions", "Vervollständigungen", "إكمالات"],
    ["and {0} more", "und {0} weitere", "و{0} آخرون"],
    ["{0} wants to come in", "{0} möchte herein", "يريد {0} الدخول"],
    ["{0} wants to come in.", "{0} möchte herein.", "يريد {0} الدخول."],
    ["Let in", "Einlassen", "أدخِل"],
    ["Let in {0}", "{0} einlassen", "أدخِل {0}"],
    ["Turn away", "Abweisen", "اصرف"],
    ["Turn away {0}", "{0} abweisen", "اصرف {0}"],
    [
        "One attempt with a wrong password.",
        "Ein Versuch mit falschem Passwort.",
        "محاولة واحدة بكلمة سر خاطئة.",
    ],
    [
        "{0} attempts with a wrong password.",
        "{0} Versuche mit falschem Passwort.",
        "محاولات بكلمة سر خاطئة: {0}.",
    ],
    [
        "{0} attempts with a wrong password. The door opens once a minute.",
        "{0} Versuche mit falschem Passwort. Die Tür öffnet sich einmal in der Minute.",
        "محاولات بكلمة سر خاطئة: {0}. يُفتح الباب مرة في الدقيقة.",
    ],
    ["Clear", "Vergessen", "امحُ"],
    ["Clear the attempts", "Die Versuche vergessen", "امحُ المحاولات"],
];

/// Passing words over the room, and beside it.
pub(crate) const TOASTS: &[Row] = &[
    ["Invitation copied.", "Einladung kopiert.", "نُسخت الدعوة."],
    ["Room key copied.", "Raumschlüssel kopiert.", "نُسخ مفتاح الغرفة."],
    ["Password copied.", "Passwort kopiert.", "نُسخت كلمة السر."],
    ["Copied.", "Kopiert.", "نُسخ."],
    [
        "This browser does not let the page copy. The listing is selected: copy it by hand.",
        "Dieser Browser lässt die Seite nicht kopieren. Der Text ist ausgewählt: Kopiere ihn selbst.",
        "لا يسمح هذا المتصفح للصفحة بالنسخ. النص محدد: انسخه بنفسك.",
    ],
    [
        "This browser does not let the page copy. The link is selected: copy it by hand.",
        "Dieser Browser lässt die Seite nicht kopieren. Der Link ist ausgewählt: Kopiere ihn selbst.",
        "لا يسمح هذا المتصفح للصفحة بالنسخ. الرابط محدد: انسخه بنفسك.",
    ],
    [
        "Another invitation was opened here. Leave this room first, or open it in a new tab.",
        "Hier wurde eine andere Einladung geöffnet. Verlass erst diesen Raum, oder öffne sie in \
         einem neuen Tab.",
        "فُتحت هنا دعوة أخرى. غادر هذه الغرفة أولًا، أو افتحها في علامة تبويب جديدة.",
    ],
    ["Something new was said.", "Es wurde etwas Neues gesagt.", "قيل شيء جديد."],
    [
        "Something went wrong in this page, and it has left the room.",
        "In dieser Seite ging etwas schief, und sie hat den Raum verlassen.",
        "حدث خلل في هذه الصفحة، وقد غادرت الغرفة.",
    ],
    [
        "Reload it to begin again.",
        "Lade sie neu, um von vorn zu beginnen.",
        "أعد تحميلها للبدء من جديد.",
    ],
    ["Opening the picture…", "Das Bild wird geöffnet …", "تُفتح الصورة…"],
];

/// What happened, as the timeline tells it.
pub(crate) const HAPPENINGS: &[Row] = &[
    [
        "You started this room. It lives as long as somebody is in it.",
        "Du hast diesen Raum eröffnet. Er besteht, solange jemand darin ist.",
        "بدأت هذه الغرفة. وهي تبقى ما دام فيها أحد.",
    ],
    [
        "You came in. You see what is said from here on.",
        "Du bist hereingekommen. Du siehst, was von jetzt an gesagt wird.",
        "دخلت. ترى ما يقال من الآن فصاعدًا.",
    ],
    [
        "{0} came in. Your page opened the door.",
        "{0} ist hereingekommen. Deine Seite hat die Tür geöffnet.",
        "دخل {0}. فتحت صفحتك الباب.",
    ],
    [
        "{0} came in. The page of {1} opened the door.",
        "{0} ist hereingekommen. Die Seite von {1} hat die Tür geöffnet.",
        "دخل {0}. فتحت صفحة {1} الباب.",
    ],
    ["You left.", "Du bist gegangen.", "غادرت."],
    ["{0} left.", "{0} ist gegangen.", "غادر {0}."],
    [
        "{0} has gone, and was not told: {1}",
        "{0} ist gegangen und hat nicht gehört: {1}",
        "غادر {0} ولم يصله: {1}",
    ],
    ["{0} left, saying: {1}", "{0} ist gegangen und sagt: {1}", "غادر {0} قائلًا: {1}"],
    [
        "{0} left, the server says.",
        "{0} ist gegangen, sagt der Server.",
        "يقول الخادم إن {0} غادر.",
    ],
    [
        "{0} lost the connection and did not come back.",
        "{0} hat die Verbindung verloren und ist nicht zurückgekommen.",
        "انقطع اتصال {0} ولم يعد.",
    ],
    ["You put {0} out of the room.", "Du hast {0} entfernt.", "أخرجت {0} من الغرفة."],
    ["{0} put {1} out of the room.", "{0} hat {1} entfernt.", "أخرج {0} {1} من الغرفة."],
    [
        "The server took the seat of {0}. It says that you asked for it.",
        "Der Server hat {0} den Platz genommen. Er sagt, du hättest darum gebeten.",
        "أخذ الخادم مقعد {0}. ويقول إنك طلبت ذلك.",
    ],
    [
        "The server took the seat of {0}. It says that {1} asked for it.",
        "Der Server hat {0} den Platz genommen. Er sagt, {1} habe darum gebeten.",
        "أخذ الخادم مقعد {0}. ويقول إن {1} طلب ذلك.",
    ],
    [
        "You cannot read what the others say any more, and the door would not let you in again. \
         Ask them some other way to open it; then leave, and come back.",
        "Du kannst nicht mehr lesen, was die anderen sagen, und die Tür ließe dich nicht wieder \
         ein. Bitte sie auf anderem Weg, sie zu öffnen; dann geh, und komm zurück.",
        "لم تعد تستطيع قراءة ما يقوله الآخرون، ولن يُدخلك الباب مجددًا. \
         اطلب منهم بطريقة أخرى أن يفتحوه، ثم غادر وعُد.",
    ],
    [
        "You muted {0}. What they write is hidden from you, and nobody is told.",
        "Du hast {0} stummgeschaltet. Was von dort kommt, bleibt dir verborgen, und niemand \
         erfährt es.",
        "كتمت {0}. يُخفى عنك ما يكتبه، ولا يُخبَر أحد.",
    ],
    ["You unmuted {0}.", "Du hörst {0} wieder.", "ألغيت كتم {0}."],
    ["You are the host now.", "Du bist jetzt Gastgeber.", "أنت المضيف الآن."],
    ["{0} is the host now.", "{0} ist jetzt Gastgeber.", "{0} هو المضيف الآن."],
    [
        "You changed the rules of the room.",
        "Du hast die Regeln des Raums geändert.",
        "غيّرت قواعد الغرفة.",
    ],
    [
        "{0} changed the rules of the room.",
        "{0} hat die Regeln des Raums geändert.",
        "غيّر {0} قواعد الغرفة.",
    ],
    [
        "{0} set messages to stay.",
        "{0}: Nachrichten bleiben von jetzt an.",
        "{0}: تبقى الرسائل من الآن.",
    ],
    [
        "{0} set messages to go after an hour.",
        "{0}: Nachrichten vergehen von jetzt an nach einer Stunde.",
        "{0}: تختفي الرسائل من الآن بعد ساعة.",
    ],
    [
        "{0} set messages to go after five minutes.",
        "{0}: Nachrichten vergehen von jetzt an nach fünf Minuten.",
        "{0}: تختفي الرسائل من الآن بعد خمس دقائق.",
    ],
    [
        "{0} set messages to go after half a minute.",
        "{0}: Nachrichten vergehen von jetzt an nach einer halben Minute.",
        "{0}: تختفي الرسائل من الآن بعد نصف دقيقة.",
    ],
    [
        "One message was missed while you were away: the server could not keep it.",
        "Eine Nachricht ging verloren, während du weg warst: Der Server konnte sie nicht behalten.",
        "فاتتك رسالة واحدة أثناء غيابك: لم يستطع الخادم الاحتفاظ بها.",
    ],
    [
        "{0} messages were missed while you were away: the server could not keep them.",
        "{0} Nachrichten gingen verloren, während du weg warst: Der Server konnte sie nicht \
         behalten.",
        "رسائل فاتتك أثناء غيابك لأن الخادم لم يستطع الاحتفاظ بها: {0}.",
    ],
    [
        "Something came from {0} that does not open. It was damaged, or forged.",
        "Von {0} kam etwas, das sich nicht öffnen lässt. Es wurde beschädigt, oder gefälscht.",
        "جاء من {0} ما لا يُفتح. إما تالف وإما مزوّر.",
    ],
    [
        "{0} messages came from {1} that do not open. They were damaged, or forged.",
        "{0} Nachrichten kamen von {1}, die sich nicht öffnen lassen. Sie wurden beschädigt, oder \
         gefälscht.",
        "رسائل من {1} لا تُفتح، تالفة أو مزوّرة: {0}.",
    ],
    [
        "You renewed the link. The one shared before opens nothing.",
        "Du hast den Link erneuert. Der vorher geteilte öffnet nichts mehr.",
        "جدّدت الرابط. والرابط السابق لم يعد يفتح شيئًا.",
    ],
    [
        "{0} renewed the link. The one shared before opens nothing.",
        "{0} hat den Link erneuert. Der vorher geteilte öffnet nichts mehr.",
        "جدّد {0} الرابط. والرابط السابق لم يعد يفتح شيئًا.",
    ],
    [
        "Somebody knocked with a wrong password, or gave up.",
        "Jemand hat mit falschem Passwort angeklopft, oder aufgegeben.",
        "طرق أحدهم بكلمة سر خاطئة، أو انصرف.",
    ],
    [
        "Somebody knocked with a wrong password, or gave up, the page of {0} says.",
        "Jemand hat mit falschem Passwort angeklopft, oder aufgegeben, sagt die Seite von {0}.",
        "تقول صفحة {0} إن أحدهم طرق بكلمة سر خاطئة، أو انصرف.",
    ],
    [
        "Wrong passwords were tried too often. The door opens once a minute.",
        "Zu oft wurden falsche Passwörter versucht. Die Tür öffnet sich einmal in der Minute.",
        "جُرّبت كلمات سر خاطئة كثيرًا. يُفتح الباب مرة في الدقيقة.",
    ],
    [
        "You cleared the wrong passwords. The door opens at once again.",
        "Du hast die falschen Passwörter vergessen lassen. Die Tür öffnet sich wieder sofort.",
        "محوت كلمات السر الخاطئة. عاد الباب يُفتح فورًا.",
    ],
    [
        "{0} cleared the wrong passwords. The door opens at once again.",
        "{0} hat die falschen Passwörter vergessen lassen. Die Tür öffnet sich wieder sofort.",
        "محا {0} كلمات السر الخاطئة. عاد الباب يُفتح فورًا.",
    ],
    ["You are back.", "Du bist zurück.", "لقد عدت."],
];

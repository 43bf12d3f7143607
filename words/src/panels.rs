//! Beside the conversation and before it: the roster, the invitation, the dialogs, pictures, and what
//! is said of a server that is not honest.

use crate::Row;

/// Who is here.
pub(crate) const ROSTER: &[Row] = &[
    ["Here", "Hier", "الحاضرون"],
    ["In the order they came in.", "In der Reihenfolge, in der sie kamen.", "بترتيب دخولهم."],
    ["Host", "Gastgeber", "المضيف"],
    ["Away", "Weg", "غائب"],
    ["Muted", "Stumm", "مكتوم"],
    ["Whisper", "Flüstern", "همس"],
    ["Whisper to {0}", "{0} zuflüstern", "اهمس إلى {0}"],
    ["Mute", "Stummschalten", "كتم"],
    ["Mute {0}", "{0} stummschalten", "اكتم {0}"],
    ["Unmute", "Wieder hören", "إلغاء الكتم"],
    ["Unmute {0}", "{0} wieder hören", "ألغِ كتم {0}"],
    ["Make host", "Zum Gastgeber machen", "اجعله مضيفًا"],
    ["Make {0} the host", "{0} zum Gastgeber machen", "اجعل {0} المضيف"],
    ["Remove…", "Entfernen …", "إخراج…"],
    ["Remove… {0}", "Entfernen … {0}", "إخراج… {0}"],
    ["Blur when I look away", "Verschleiern, wenn ich wegsehe", "التعتيم حين أنصرف"],
    ["Notify me when I look away", "Melden, wenn ich wegsehe", "تنبيهي حين أنصرف"],
    [
        "Your browser asks you whether the page may.",
        "Dein Browser fragt dich, ob die Seite darf.",
        "يسألك متصفحك هل تسمح للصفحة.",
    ],
    [
        "Your browser does not let the page notify you. Its settings can.",
        "Dein Browser lässt die Seite nichts melden. Seine Einstellungen können das ändern.",
        "لا يسمح متصفحك للصفحة بتنبيهك. يمكن تغيير ذلك في إعداداته.",
    ],
    [
        "This browser cannot notify you for a page.",
        "Dieser Browser kann für eine Seite nichts melden.",
        "لا يستطيع هذا المتصفح تنبيهك عن صفحة.",
    ],
    [
        "The host may remove people and end the room.",
        "Der Gastgeber darf andere entfernen und den Raum beenden.",
        "يحق للمضيف إخراج الناس وإنهاء الغرفة.",
    ],
    [
        "Everybody may remove people and end the room.",
        "Alle dürfen andere entfernen und den Raum beenden.",
        "يحق للجميع إخراج الناس وإنهاء الغرفة.",
    ],
    ["End the room…", "Raum beenden …", "إنهاء الغرفة…"],
];

/// How to bring somebody in, and by which rules.
pub(crate) const INVITATION: &[Row] = &[
    ["Invite somebody", "Jemanden einladen", "ادعُ أحدًا"],
    ["Copy invitation", "Einladung kopieren", "انسخ الدعوة"],
    ["Share…", "Teilen …", "مشاركة…"],
    [
        "Or tell the two halves by two different ways:",
        "Oder sag die beiden Hälften auf zwei verschiedenen Wegen:",
        "أو قل النصفين بطريقتين مختلفتين:",
    ],
    ["Copy key", "Schlüssel kopieren", "انسخ المفتاح"],
    ["Copy password", "Passwort kopieren", "انسخ كلمة السر"],
    ["The whole link", "Der ganze Link", "الرابط كاملًا"],
    ["QR code of the invitation link", "QR-Code des Einladungslinks", "رمز QR لرابط الدعوة"],
    [
        "Point a phone’s camera at it.",
        "Richte die Kamera eines Telefons darauf.",
        "وجّه كاميرا هاتف نحوه.",
    ],
    [
        "Whoever has this link can come in, as long as somebody is here. Send it by a way you trust.",
        "Wer diesen Link hat, kommt herein, solange jemand da ist. Schick ihn auf einem Weg, dem \
         du vertraust.",
        "كل من لديه هذا الرابط يستطيع الدخول ما دام هنا أحد. أرسله بطريقة تثق بها.",
    ],
    [
        "Whoever has this link can knock, and the host lets them in by hand. \
         Send it by a way you trust.",
        "Wer diesen Link hat, kann anklopfen, und der Gastgeber lässt ein. Schick ihn auf einem \
         Weg, dem du vertraust.",
        "كل من لديه هذا الرابط يستطيع أن يطرق، والمضيف يُدخله بنفسه. أرسله بطريقة تثق بها.",
    ],
    [
        "Whoever has this link can knock, and somebody here lets them in by hand. \
         Send it by a way you trust.",
        "Wer diesen Link hat, kann anklopfen, und jemand hier lässt ein. Schick ihn auf einem Weg, \
         dem du vertraust.",
        "كل من لديه هذا الرابط يستطيع أن يطرق، ويُدخله أحد الموجودين. أرسله بطريقة تثق بها.",
    ],
    [
        "The door is locked: nobody comes in, with this link or without.",
        "Die Tür ist abgeschlossen: Niemand kommt herein, mit diesem Link oder ohne.",
        "الباب مقفل: لا يدخل أحد، بهذا الرابط أو بدونه.",
    ],
    ["The link is being renewed…", "Der Link wird erneuert …", "يُجدَّد الرابط…"],
    [
        "This link is new. The one shared before opens nothing.",
        "Dieser Link ist neu. Der vorher geteilte öffnet nichts mehr.",
        "هذا الرابط جديد. والرابط السابق لم يعد يفتح شيئًا.",
    ],
    [
        "The host may remove people and make a new link.",
        "Der Gastgeber darf andere entfernen und einen neuen Link machen.",
        "يحق للمضيف إخراج الناس وإنشاء رابط جديد.",
    ],
    [
        "Everybody may remove people and make a new link.",
        "Alle dürfen andere entfernen und einen neuen Link machen.",
        "يحق للجميع إخراج الناس وإنشاء رابط جديد.",
    ],
    ["Make a new link…", "Neuen Link machen …", "إنشاء رابط جديد…"],
    ["Nobody", "Niemand", "لا أحد"],
    ["How long messages stay", "Wie lange Nachrichten bleiben", "مدة بقاء الرسائل"],
    ["As long as one is here", "Solange man hier ist", "ما دام المرء هنا"],
    ["An hour", "Eine Stunde", "ساعة"],
    ["Five minutes", "Fünf Minuten", "خمس دقائق"],
    ["Half a minute", "Eine halbe Minute", "نصف دقيقة"],
    ["Only the host", "Nur der Gastgeber", "المضيف وحده"],
    ["Everybody here", "Alle hier", "كل من هنا"],
];

/// Questions and answers before everything else.
pub(crate) const DIALOGS: &[Row] = &[
    ["Cancel", "Abbrechen", "إلغاء"],
    ["End the room for everybody?", "Den Raum für alle beenden?", "إنهاء الغرفة على الجميع؟"],
    [
        "Everybody is put out at once and the room is gone, for you too. \
         What people have copied or photographed stays theirs.",
        "Alle sind sofort draußen, und den Raum gibt es nicht mehr, auch für dich nicht. \
         Was andere kopiert oder fotografiert haben, behalten sie.",
        "يُخرَج الجميع فورًا وتزول الغرفة، لك أيضًا. \
         وما نسخه الناس أو صوّروه يبقى عندهم.",
    ],
    ["End the room", "Raum beenden", "أنهِ الغرفة"],
    ["Remove {0}?", "{0} entfernen?", "إخراج {0}؟"],
    [
        "They are put out at once, and everybody sees that it was you.",
        "Das wirkt sofort, und alle sehen, dass du es warst.",
        "يُخرَج فورًا، ويرى الجميع أنك من فعل.",
    ],
    [
        "The link is renewed with it: the one they know opens nothing any more.",
        "Der Link wird dabei erneuert: Der bekannte öffnet nichts mehr.",
        "ويُجدَّد الرابط معه: فالرابط المعروف لم يعد يفتح شيئًا.",
    ],
    ["Remove", "Entfernen", "أخرِج"],
    ["Make a new link?", "Einen neuen Link machen?", "إنشاء رابط جديد؟"],
    [
        "The one you shared stops working. Everybody inside stays.",
        "Der geteilte gilt dann nicht mehr. Alle drinnen bleiben.",
        "يتوقف الرابط الذي شاركته. ويبقى كل من في الداخل.",
    ],
    ["Make it", "Machen", "أنشئه"],
    ["Open this link?", "Diesen Link öffnen?", "فتح هذا الرابط؟"],
    ["It leads out of this room, to", "Er führt aus diesem Raum, zu", "يقود خارج هذه الغرفة، إلى"],
    [
        "That place learns your address, but not where you came from.",
        "Dort erfährt man deine Adresse, aber nicht, woher du kommst.",
        "يعرف ذلك الموقع عنوانك، لا من أين أتيت.",
    ],
    ["Open", "Öffnen", "افتح"],
    [
        "Read these to each other over another channel, a call for instance. \
         The same words: nobody sits between you. \
         They change whenever somebody comes or goes.",
        "Lest sie einander auf einem anderen Weg vor, etwa am Telefon. \
         Dieselben Wörter: Niemand sitzt zwischen euch. \
         Sie ändern sich, wann immer jemand kommt oder geht.",
        "اقرؤوها بعضكم لبعض عبر قناة أخرى، كمكالمة مثلًا. \
         إن كانت الكلمات نفسها فلا أحد بينكم. \
         وهي تتغير كلما دخل أحد أو خرج.",
    ],
    [
        "They cover everybody who can read along:",
        "Sie gelten für alle, die mitlesen können:",
        "تشمل كل من يستطيع القراءة:",
    ],
    [
        "Short tags tell two alike names apart. They are a hint: \
         compare the words above to be sure.",
        "Kurze Zeichen unterscheiden ähnliche Namen. Sie sind ein Hinweis: \
         Vergleicht die Wörter oben, um sicher zu sein.",
        "تميّز الوسوم القصيرة بين اسمين متشابهين. وهي مجرد إشارة: \
         قارنوا الكلمات أعلاه للتأكد.",
    ],
];

/// Pictures.
pub(crate) const PICTURES: &[Row] = &[
    ["Picture", "Bild", "صورة"],
    ["Send a picture", "Ein Bild senden", "أرسل صورة"],
    ["Send this picture?", "Dieses Bild senden?", "إرسال هذه الصورة؟"],
    ["What the others will see", "Was die anderen sehen werden", "ما سيراه الآخرون"],
    ["Say something to it", "Sag etwas dazu", "قل شيئًا عنها"],
    [
        "Read out, too, to who cannot see the picture.",
        "Wird auch vorgelesen, wenn jemand das Bild nicht sehen kann.",
        "يُقرأ أيضًا لمن لا يستطيع رؤية الصورة.",
    ],
    ["{0} × {1} pixels, {2} kB.", "{0} × {1} Pixel, {2} kB.", "‏{0} × {1} بكسل، {2} ك.ب."],
    [
        "Everybody in the room sees it. It was drawn anew: where, when and with what it was taken is not in it.",
        "Alle im Raum sehen es. Es wurde neu gezeichnet: Wo, wann und womit es aufgenommen wurde, \
         steht nicht darin.",
        "يراها كل من في الغرفة. وقد أُعيد رسمها: فليس فيها أين ومتى وبماذا التُقطت.",
    ],
    ["{0}. Show it by itself", "{0}. Allein zeigen", "{0}. اعرضها وحدها"],
    ["Picture on its way", "Bild unterwegs", "صورة في الطريق"],
    ["Picture coming", "Ein Bild kommt", "صورة قادمة"],
    [
        "The connection did not carry it.",
        "Die Verbindung hat es nicht getragen.",
        "لم يحملها الاتصال.",
    ],
    [
        "This picture did not arrive whole.",
        "Dieses Bild kam nicht ganz an.",
        "لم تصل هذه الصورة كاملة.",
    ],
    [
        "This browser cannot show this picture.",
        "Dieser Browser kann dieses Bild nicht zeigen.",
        "لا يستطيع هذا المتصفح عرض هذه الصورة.",
    ],
    [
        "This picture is no longer kept.",
        "Dieses Bild wird nicht mehr aufbewahrt.",
        "لم تعد هذه الصورة محفوظة.",
    ],
    ["Your picture, without a description", "Dein Bild, ohne Beschreibung", "صورتك، بلا وصف"],
    [
        "Picture from {0}, without a description",
        "Bild von {0}, ohne Beschreibung",
        "صورة من {0}، بلا وصف",
    ],
];

/// When the server was found out.
pub(crate) const EVIDENCE: &[Row] = &[
    ["The server is not being honest.", "Der Server ist nicht ehrlich.", "الخادم ليس صادقًا."],
    [
        "Do not trust what you read from here on. Leave, and meet elsewhere.",
        "Trau nicht, was du von jetzt an liest. Geht, und trefft euch anderswo.",
        "لا تثق بما تقرؤه من الآن. غادر، والتقوا في مكان آخر.",
    ],
    [
        "The page of {0} saw another room than yours.",
        "Die Seite von {0} hat einen anderen Raum gesehen als deine.",
        "رأت صفحة {0} غرفة غير غرفتك.",
    ],
    [
        "It passed a message on in the name of {0}.",
        "Er hat eine Nachricht im Namen von {0} weitergegeben.",
        "مرّر رسالة باسم {0}.",
    ],
    [
        "It left out or repeated messages of {0}.",
        "Er hat Nachrichten von {0} ausgelassen oder wiederholt.",
        "أسقط رسائل من {0} أو كرّرها.",
    ],
    [
        "It left something out of the room’s order, or repeated something.",
        "Er hat aus der Reihenfolge des Raums etwas ausgelassen, oder etwas wiederholt.",
        "أسقط شيئًا من ترتيب الغرفة، أو كرّر شيئًا.",
    ],
    [
        "It sent something in your name that you did not send.",
        "Er hat in deinem Namen etwas gesendet, das du nicht gesendet hast.",
        "أرسل باسمك ما لم ترسله.",
    ],
    [
        "It dropped something that you sent.",
        "Er hat etwas fallen lassen, das du gesendet hast.",
        "أسقط شيئًا أرسلته.",
    ],
    [
        "It told the room that you were gone.",
        "Er hat dem Raum gesagt, du seist weg.",
        "أخبر الغرفة أنك غائب.",
    ],
    [
        "It passed a message on in another’s name.",
        "Er hat eine Nachricht in fremdem Namen weitergegeben.",
        "مرّر رسالة باسم غير صاحبها.",
    ],
    [
        "It left out or repeated a member’s messages.",
        "Er hat Nachrichten eines Mitglieds ausgelassen oder wiederholt.",
        "أسقط رسائل أحد الأعضاء أو كرّرها.",
    ],
    [
        "It showed different members different rooms.",
        "Er hat verschiedenen Mitgliedern verschiedene Räume gezeigt.",
        "أرى أعضاء مختلفين غرفًا مختلفة.",
    ],
    [
        "It changed its account of what happened while you were away.",
        "Er hat seine Darstellung dessen geändert, was geschah, während du weg warst.",
        "غيّر روايته لما حدث أثناء غيابك.",
    ],
];

//! The way in and the way out: the home screen, the door, and what is said when it is over.

use crate::Row;

/// On the home screen.
pub(crate) const HOME: &[Row] = &[
    ["Start the room", "Raum eröffnen", "ابدأ الغرفة"],
    ["Knock", "Anklopfen", "اطرق الباب"],
    ["Go in", "Hineingehen", "ادخل"],
    [
        "A room to talk in that leaves nothing behind.",
        "Ein Raum zum Reden, von dem nichts bleibt.",
        "غرفة للحديث لا تترك وراءها شيئًا.",
    ],
    ["You are invited to a room", "Du bist in einen Raum eingeladen", "أنت مدعوّ إلى غرفة"],
    [
        "The link brought its key and password. Choose a name and knock: somebody inside lets you in.",
        "Der Link hat Schlüssel und Passwort mitgebracht. Wähle einen Namen und klopf an: Drinnen \
         lässt dich jemand ein.",
        "جلب الرابط مفتاح الغرفة وكلمة السر. اختر اسمًا واطرق الباب: سيُدخلك أحد الموجودين.",
    ],
    [
        "Start a room of your own instead",
        "Lieber einen eigenen Raum eröffnen",
        "ابدأ غرفة خاصة بك بدلًا من ذلك",
    ],
    ["What would you like to do?", "Was möchtest du tun?", "ماذا تريد أن تفعل؟"],
    ["Start a room", "Raum eröffnen", "بدء غرفة"],
    ["Join a room", "Raum betreten", "دخول غرفة"],
    ["Your name in the room", "Dein Name im Raum", "اسمك في الغرفة"],
    [
        "Anything up to 32 characters. Only people in the room see it.",
        "Beliebig, bis zu 32 Zeichen. Nur wer im Raum ist, sieht ihn.",
        "أي اسم حتى 32 حرفًا. لا يراه إلا من في الغرفة.",
    ],
    ["Room key and password", "Raumschlüssel und Passwort", "مفتاح الغرفة وكلمة السر"],
    ["Drawn at random", "Zufällig gezogen", "يُختاران عشوائيًا"],
    ["Words to read aloud", "Wörter zum Vorlesen", "كلمات تُقرأ بصوت عالٍ"],
    [
        "Nine words, for the telephone. Nobody guesses those either.",
        "Neun Wörter, fürs Telefon. Auch die errät niemand.",
        "تسع كلمات للهاتف. ولا يخمّنها أحد كذلك.",
    ],
    ["My own", "Eigene", "أختارهما بنفسي"],
    [
        "Easier to say aloud, and easier to guess.",
        "Leichter zu sagen, und leichter zu erraten.",
        "أسهل نطقًا، وأسهل تخمينًا.",
    ],
    [
        "Nobody guesses it. You share it as a link.",
        "Das errät niemand. Du teilst es als Link.",
        "لا يخمّنه أحد. تشاركه رابطًا.",
    ],
    [
        "Who may remove people and end the room",
        "Wer andere entfernen und den Raum beenden darf",
        "من يحق له إخراج الناس وإنهاء الغرفة",
    ],
    ["Only me, its host", "Nur ich als Gastgeber", "أنا وحدي، المضيف"],
    ["Everybody in it", "Alle darin", "كل من فيها"],
    ["More", "Mehr", "المزيد"],
    ["Who may come in", "Wer hereinkommen darf", "من يحق له الدخول"],
    ["Whoever has the link", "Wer den Link hat", "كل من لديه الرابط"],
    ["Whom I let in by hand", "Wen ich selbst einlasse", "من أُدخله بنفسي"],
    [
        "You can change this and lock the door later, from inside.",
        "Das lässt sich später drinnen ändern, auch die Tür abschließen.",
        "يمكنك تغيير هذا وقفل الباب لاحقًا من الداخل.",
    ],
    ["End-to-end encrypted.", "Ende-zu-Ende-verschlüsselt.", "مشفّرة من طرف إلى طرف."],
    [
        " The server sees only sealed messages; nothing is stored. \
         A room name you choose can be guessed.",
        " Der Server sieht nur versiegelte Nachrichten; nichts wird gespeichert. \
         Ein selbst gewählter Raumname lässt sich erraten.",
        " لا يرى الخادم إلا رسائل مختومة، ولا يُحفظ شيء. \
         أما اسم الغرفة الذي تختاره بنفسك فقد يُخمَّن.",
    ],
    [
        "You can also paste a whole link here.",
        "Du kannst hier auch einen ganzen Link einfügen.",
        "يمكنك أيضًا لصق رابط كامل هنا.",
    ],
    [
        "As it was told to you: capitals and spaces count.",
        "Genau so, wie man es dir gesagt hat: Groß- und Kleinschreibung und Leerzeichen zählen.",
        "كما قيلت لك تمامًا: الأحرف الكبيرة والمسافات مهمة.",
    ],
    [
        "A name for the room. Whoever guesses it sees that somebody is there.",
        "Ein Name für den Raum. Wer ihn errät, sieht, dass jemand da ist.",
        "اسم للغرفة. من يخمّنه يعرف أن أحدًا فيها.",
    ],
    [
        "Several words that nobody puts together are best.",
        "Am besten mehrere Wörter, die sonst niemand zusammenstellt.",
        "الأفضل عدة كلمات لا يجمع بينها أحد.",
    ],
    ["Room key", "Raumschlüssel", "مفتاح الغرفة"],
    ["Password", "Passwort", "كلمة السر"],
    ["Show the password", "Passwort zeigen", "أظهر كلمة السر"],
    ["Show", "Zeigen", "أظهر"],
    ["Hide", "Verbergen", "أخفِ"],
    [
        "Weak: one determined person guesses it.",
        "Schwach: Wer es darauf anlegt, errät es.",
        "ضعيفة: يخمّنها شخص واحد إن أصرّ.",
    ],
    [
        "Fair: guessing it takes an organisation.",
        "Mittel: Um es zu erraten, braucht es eine Organisation.",
        "متوسطة: تخمينها يحتاج إلى منظمة.",
    ],
    ["Strong: beyond guessing.", "Stark: nicht zu erraten.", "قوية: لا سبيل إلى تخمينها."],
    [
        "A name needs at least one character.",
        "Ein Name braucht mindestens ein Zeichen.",
        "يحتاج الاسم إلى حرف واحد على الأقل.",
    ],
    [
        "A name has at most {0} characters.",
        "Ein Name hat höchstens {0} Zeichen.",
        "لا يزيد الاسم على {0} حرفًا.",
    ],
    [
        "A name is made of visible characters.",
        "Ein Name besteht aus sichtbaren Zeichen.",
        "يتكوّن الاسم من حروف مرئية.",
    ],
    [
        "A room’s name needs at least one character.",
        "Ein Raumname braucht mindestens ein Zeichen.",
        "يحتاج اسم الغرفة إلى حرف واحد على الأقل.",
    ],
    [
        "A room’s name has at most {0} characters.",
        "Ein Raumname hat höchstens {0} Zeichen.",
        "لا يزيد اسم الغرفة على {0} حرفًا.",
    ],
    [
        "A room’s name holds no control characters.",
        "Ein Raumname enthält keine Steuerzeichen.",
        "لا يحتوي اسم الغرفة على محارف تحكّم.",
    ],
    [
        "A password needs at least one character.",
        "Ein Passwort braucht mindestens ein Zeichen.",
        "تحتاج كلمة السر إلى حرف واحد على الأقل.",
    ],
    [
        "A password has at most {0} characters.",
        "Ein Passwort hat höchstens {0} Zeichen.",
        "لا تزيد كلمة السر على {0} حرفًا.",
    ],
    [
        "A password holds no control characters.",
        "Ein Passwort enthält keine Steuerzeichen.",
        "لا تحتوي كلمة السر على محارف تحكّم.",
    ],
    [
        "An invitation ends in the room’s name and its password, with one dot between them.",
        "Eine Einladung endet mit dem Raumnamen und dem Passwort, mit einem Punkt dazwischen.",
        "تنتهي الدعوة باسم الغرفة وكلمة سرها، وبينهما نقطة واحدة.",
    ],
    [
        "A part of this invitation was lost on the way.",
        "Ein Teil dieser Einladung ist unterwegs verloren gegangen.",
        "ضاع جزء من هذه الدعوة في الطريق.",
    ],
];

/// On the way in.
pub(crate) const JOINING: &[Row] = &[
    ["Cutting the key", "Der Schlüssel wird gefeilt", "يُصنع المفتاح"],
    ["Opening the room", "Der Raum wird geöffnet", "تُفتح الغرفة"],
    ["Finding the room", "Der Raum wird gesucht", "يُبحث عن الغرفة"],
    ["At the door", "An der Tür", "عند الباب"],
    [
        "Waiting for somebody inside to open",
        "Warten, dass drinnen jemand öffnet",
        "في انتظار من يفتح من الداخل",
    ],
    ["Waiting to be let in", "Warten auf Einlass", "في انتظار الإذن بالدخول"],
    ["Going in", "Es geht hinein", "جارٍ الدخول"],
    ["Nobody is in that room", "In diesem Raum ist niemand", "لا أحد في تلك الغرفة"],
    ["That key does not fit", "Der Schlüssel passt nicht", "المفتاح لا يناسب"],
    ["That name is taken", "Der Name ist vergeben", "الاسم مأخوذ"],
    ["The door stays shut", "Die Tür bleibt zu", "يبقى الباب مغلقًا"],
    ["The door is locked", "Die Tür ist abgeschlossen", "الباب مقفل"],
    ["Many are coming in at once", "Viele kommen auf einmal", "كثيرون يدخلون معًا"],
    ["No seat is left", "Kein Platz mehr frei", "لم يبقَ مقعد"],
    ["No room is left", "Kein Raum mehr frei", "لم يبقَ متّسع لغرفة"],
    [
        "Nobody inside could be reached safely",
        "Drinnen war niemand sicher zu erreichen",
        "تعذّر الوصول الآمن إلى أحد في الداخل",
    ],
    ["The server does not answer", "Der Server antwortet nicht", "الخادم لا يجيب"],
    ["The connection ended", "Die Verbindung ist abgerissen", "انقطع الاتصال"],
    ["Something came through garbled", "Etwas kam verstümmelt an", "وصل شيء مشوّهًا"],
    ["No key can be made here", "Hier lässt sich kein Schlüssel machen", "لا يمكن صنع مفتاح هنا"],
    [
        "Your browser makes the key from the password. It takes a moment, on purpose: \
         guessing would take as long each time.",
        "Dein Browser macht den Schlüssel aus dem Passwort. Das dauert absichtlich einen Moment: \
         So lange würde jedes Raten dauern.",
        "يصنع متصفحك المفتاح من كلمة السر. يستغرق هذا لحظة عن قصد: \
         فكل تخمين سيستغرق مثلها.",
    ],
    [
        "Reaching the server. It is told neither the name nor the password.",
        "Der Server wird gerufen. Er erfährt weder den Namen noch das Passwort.",
        "جارٍ الوصول إلى الخادم. لا يُقال له الاسم ولا كلمة السر.",
    ],
    [
        "You have knocked. Somebody inside checks your key and lets you in.",
        "Du hast angeklopft. Drinnen prüft jemand deinen Schlüssel und lässt dich ein.",
        "لقد طرقت الباب. يتحقق أحد الموجودين من مفتاحك ويُدخلك.",
    ],
    [
        "Everybody inside seems to be away. Their pages let you in as soon as one of them wakes. \
         You can keep this open.",
        "Alle drinnen scheinen weg zu sein. Sobald eine ihrer Seiten aufwacht, lässt sie dich ein. \
         Lass dies ruhig offen.",
        "يبدو أن الجميع غائبون. ستُدخلك صفحاتهم ما إن تستيقظ إحداها. \
         يمكنك ترك هذه الصفحة مفتوحة.",
    ],
    [
        "The host has been asked to let you in. This page waits.",
        "Der Gastgeber ist gefragt, ob er dich einlässt. Diese Seite wartet.",
        "طُلب من المضيف أن يُدخلك. هذه الصفحة تنتظر.",
    ],
    ["The door is open.", "Die Tür ist offen.", "الباب مفتوح."],
    [
        "Start it? You would be its first member and its host. If you expected somebody, \
         check the key: one letter off is another room.",
        "Eröffnen? Du wärst das erste Mitglied und der Gastgeber. Wenn du jemanden erwartet hast, \
         prüfe den Schlüssel: Ein Buchstabe daneben ist ein anderer Raum.",
        "هل تبدؤها؟ ستكون أول عضو فيها ومضيفها. إن كنت تتوقع أحدًا فتحقق من المفتاح: \
         حرف واحد مختلف يعني غرفة أخرى.",
    ],
    ["Back", "Zurück", "رجوع"],
    ["Start", "Eröffnen", "ابدأ"],
    ["Look again", "Noch einmal suchen", "ابحث مجددًا"],
    ["Try again", "Noch einmal versuchen", "حاول مجددًا"],
    [
        "That password does not open this room.",
        "Dieses Passwort öffnet diesen Raum nicht.",
        "كلمة السر هذه لا تفتح هذه الغرفة.",
    ],
    [
        "Somebody in this room already goes by that name, or one that looks like it.",
        "In diesem Raum heißt schon jemand so, oder zum Verwechseln ähnlich.",
        "في هذه الغرفة من يحمل هذا الاسم أو اسمًا يشبهه.",
    ],
    ["You were not let in.", "Du wurdest nicht eingelassen.", "لم يُسمح لك بالدخول."],
    [
        "This room is locked: nobody is let in at the moment.",
        "Dieser Raum ist abgeschlossen: Zurzeit wird niemand eingelassen.",
        "هذه الغرفة مقفلة: لا يدخلها أحد الآن.",
    ],
    ["This room is full.", "Dieser Raum ist voll.", "هذه الغرفة ممتلئة."],
    [
        "The server lets nobody in at the moment. Try again later.",
        "Der Server lässt zurzeit niemanden ein. Versuche es später noch einmal.",
        "لا يُدخل الخادم أحدًا في الوقت الحالي. حاول مرة أخرى لاحقًا.",
    ],
    [
        "The server holds as many rooms as it can. Try again later.",
        "Der Server hat so viele Räume, wie er fassen kann. Versuche es später noch einmal.",
        "يحوي الخادم أقصى ما يستطيع من الغرف. حاول لاحقًا.",
    ],
    [
        "The server cannot be reached. Check your connection and try again.",
        "Der Server ist nicht zu erreichen. Prüfe deine Verbindung und versuche es noch einmal.",
        "تعذّر الوصول إلى الخادم. تحقق من اتصالك وحاول مجددًا.",
    ],
    [
        "The server ended the connection before anybody let you in. Try again.",
        "Der Server hat die Verbindung beendet, bevor dich jemand einließ. Versuche es noch einmal.",
        "أنهى الخادم الاتصال قبل أن يُدخلك أحد. حاول مجددًا.",
    ],
    [
        "Many are coming in at once. Try again.",
        "Viele kommen auf einmal. Versuche es noch einmal.",
        "كثيرون يدخلون معًا. حاول مجددًا.",
    ],
    [
        "Several answered your knock, and none of them showed that they are inside. Somebody on the \
         way may be guessing at the password. Try again when you are sure of your connection.",
        "Mehrere haben auf dein Klopfen geantwortet, und keiner hat gezeigt, dass er drinnen ist. \
         Vielleicht rät unterwegs jemand am Passwort. Versuche es noch einmal, wenn du deiner \
         Verbindung sicher bist.",
        "أجاب عدة على طرقك ولم يُثبت أي منهم أنه في الداخل. قد يكون هناك من يخمّن كلمة السر في الطريق. \
         حاول مجددًا حين تثق باتصالك.",
    ],
    [
        "This browser cannot start an encrypted room.",
        "Dieser Browser kann keinen verschlüsselten Raum eröffnen.",
        "لا يستطيع هذا المتصفح بدء غرفة مشفّرة.",
    ],
    [
        "What came through the door could not be read. Try again.",
        "Was durch die Tür kam, war nicht zu lesen. Versuche es noch einmal.",
        "تعذّرت قراءة ما جاء عبر الباب. حاول مجددًا.",
    ],
];

/// When it is over.
pub(crate) const ENDED: &[Row] = &[
    [
        "Nothing of this room is kept on this page.",
        "Auf dieser Seite bleibt nichts von diesem Raum.",
        "لا يبقى شيء من هذه الغرفة في هذه الصفحة.",
    ],
    [
        " Only the way back in is, until you close it.",
        " Nur der Weg zurück, bis du sie schließt.",
        " إلا طريق العودة، إلى أن تغلقها.",
    ],
    ["Come back", "Zurückkommen", "عُد"],
    ["Start another room", "Einen anderen Raum eröffnen", "ابدأ غرفة أخرى"],
    ["You left the room.", "Du hast den Raum verlassen.", "غادرت الغرفة."],
    [
        "You ended the room for everybody.",
        "Du hast den Raum für alle beendet.",
        "أنهيت الغرفة على الجميع.",
    ],
    [
        "{0} ended the room for everybody.",
        "{0} hat den Raum für alle beendet.",
        "أنهى {0} الغرفة على الجميع.",
    ],
    [
        "The server ended this room — no member asked for it.",
        "Der Server hat diesen Raum beendet — kein Mitglied hat darum gebeten.",
        "أنهى الخادم هذه الغرفة — ولم يطلب ذلك أي عضو.",
    ],
    [
        "The operator’s last word, not encrypted: {0}",
        "Das letzte Wort des Betreibers, unverschlüsselt: {0}",
        "آخر ما قاله المشغّل، دون تشفير: {0}",
    ],
    [
        "The operator of this server ended the room.",
        "Der Betreiber dieses Servers hat den Raum beendet.",
        "أنهى مشغّل هذا الخادم الغرفة.",
    ],
    ["{0} put you out of the room.", "{0} hat dich aus dem Raum entfernt.", "أخرجك {0} من الغرفة."],
    [
        "{0} put you out of the room, the server says.",
        "{0} hat dich aus dem Raum entfernt, sagt der Server.",
        "يقول الخادم إن {0} أخرجك من الغرفة.",
    ],
    [
        "The server put you out — no member asked for it.",
        "Der Server hat dich entfernt — kein Mitglied hat darum gebeten.",
        "أخرجك الخادم — ولم يطلب ذلك أي عضو.",
    ],
    [
        "Your seat was taken from another tab or device.",
        "Dein Platz wurde in einem anderen Tab oder auf einem anderen Gerät eingenommen.",
        "أُخذ مقعدك من علامة تبويب أو جهاز آخر.",
    ],
    [
        "The server stopped, and its rooms ended with it.",
        "Der Server hat angehalten, und seine Räume sind mit ihm zu Ende.",
        "توقف الخادم وانتهت غرفه معه.",
    ],
    [
        "The room broke on the server and is lost.",
        "Der Raum ist auf dem Server kaputtgegangen und verloren.",
        "تعطّلت الغرفة على الخادم وفُقدت.",
    ],
    [
        "This page and the server do not understand each other.",
        "Diese Seite und der Server verstehen einander nicht.",
        "هذه الصفحة والخادم لا يتفاهمان.",
    ],
    [
        "A member who does this says so in a sealed message first, and none came.",
        "Ein Mitglied, das dies tut, sagt es zuvor in einer versiegelten Nachricht, und keine kam.",
        "العضو الذي يفعل هذا يعلنه أولًا في رسالة مختومة، ولم تصل أي رسالة.",
    ],
    [
        "A member who does this says so in a sealed message. That one came too late, or not.",
        "Ein Mitglied, das dies tut, sagt es in einer versiegelten Nachricht. Die kam zu spät, oder \
         gar nicht.",
        "العضو الذي يفعل هذا يعلنه في رسالة مختومة. وقد تأخرت أو لم تصل.",
    ],
    [
        "Reloading the page may bring the two together again.",
        "Die Seite neu zu laden bringt die beiden vielleicht wieder zusammen.",
        "قد تعيد إعادة تحميل الصفحة التفاهم بينهما.",
    ],
];

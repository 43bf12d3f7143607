//! Where the corpora begin: real values, encoded as they travel, and plans that reach each way through a
//! target. A fuzzer finds the rest. What holds a key is drawn anew each time it is made.

use proptest::strategy::{Strategy, ValueTree as _};
use proptest::test_runner::TestRunner;
use sanctuary_client::markup::parse;
use sanctuary_crypto::dishonest::{Doorkeeper, Run};
use sanctuary_crypto::{DoorStep, Link, Newcomer};
use sanctuary_protocol::{ClientFrame, Frame, Policy, ROOM_PATH, SUBPROTOCOL, encode};

use super::table::{ADA, BOB, ROOM, alias, key};
use crate::frames;

/// Of each kind of frame, about so many.
const FRAMES: usize = 24;

/// Larger ones say no more, and weigh on every clone.
const FRAME_BYTES_MAX: usize = 1024;

/// What the target's corpus begins with; nothing for a name that is none.
pub fn seeds(target: &str) -> Vec<Vec<u8>> {
    match target {
        "admin_line" => admin_lines(),
        "client_frame" => frames(&frames::client_frame()),
        "server_frame" => frames(&frames::server_frame()),
        "door_blob" => door_blobs(),
        "link" => links(),
        "markup" => markups(),
        "session_input" => plans(),
        "upgrade" => upgrades(),
        _ => Vec::new(),
    }
}

fn texts(texts: &[&str]) -> Vec<Vec<u8>> {
    texts.iter().map(|text| text.as_bytes().to_vec()).collect()
}

fn frames<F: Frame>(any: &impl Strategy<Value = F>) -> Vec<Vec<u8>> {
    sample(any).map(|frame| encode(&frame)).filter(|it| it.len() <= FRAME_BYTES_MAX).collect()
}

/// The same in every run.
fn sample<T>(any: &impl Strategy<Value = T>) -> impl Iterator<Item = T> {
    let mut runner = TestRunner::deterministic();
    (0..FRAMES).filter_map(move |_| any.new_tree(&mut runner).ok().map(|tree| tree.current()))
}

fn admin_lines() -> Vec<Vec<u8>> {
    let any = frames::admin_request();
    let requests: Vec<_> = sample(&any).filter_map(|it| serde_json::to_vec(&it).ok()).collect();
    let together = requests.join(&b'\n');
    let others = texts(&[
        "\n\n{\"request\":\"status\"}\nwell?\n{\"request\":\"version\"}",
        "{\"request\":\"admit\",\"admitting\":false}\n{\"request\":\"status\"}\n",
        "{\"request\":\"purge\",\"room\":\"r1\",\"reason\":\"bye\"}\n{\"request\":\"rooms\"}\n",
        "{\"request\":\"room\",\"room\":\"r1\"}\n{\"request\":\"audit\"}\n{\"request\":\"actors\"}\n",
        "{\"request\":\"drain\",\"in_seconds\":18446744073709551615}\n{\"request\":\"panic\"}\n",
        "{\"request\":\"status\",\"request\":\"stop\"}",
        "{\"reply\":\"refused\",\"why\":\"no_such_room\"}",
        "{\"reply\":\"version\",\"version\":\"0.1.0\\u001b[2J\",\"protocol\":\"sanctuary.v1\"}",
        "{\"reply\":\"status\",\"version\":\"1\\u001b[31m\\u0007\",\"uptime_seconds\":1,\"rooms\":2,\
         \"rooms_max\":3,\"members_live\":4,\"members_gone\":5,\"connections\":6,\
         \"connections_max\":7,\"retained_bytes\":8,\"retained_bytes_max\":9,\"restarts\":0,\
         \"admitting\":true,\"draining\":false}",
    ]);
    let too_long = vec![vec![b'x'; 4 * 1024 + 1], [&[b' '; 4 * 1024 - 1][..], b"\n{}"].concat()];
    [requests, vec![together], others, too_long].concat()
}

fn links() -> Vec<Vec<u8>> {
    let made = [Link::generate(), Link::generate_words()].map(|link| link.fragment().to_string());
    let made = made.into_iter().map(String::into_bytes);
    let others = [
        "#tea.meow",
        "https://chat.example/#tea.meow",
        " http://[::1]:6969/?x.y#tea%20at%20five.50%20%25%2E \n",
        "#tea at five.möchte gern",
        "%C3%A9.%F0%9F%90%88",
        "#猫の部屋.пароль",
        "a%2Eb.c%2ed",
        "#\u{fb01}\u{301}.\u{ff21}\u{200b}\u{202e}x",
        "%00.%7f",
        "cats.%FF",
        "a.b.c",
        "#a#b",
        "Café Ünter.AbIlItY-AbLe  x",
    ];
    made.chain(texts(&others)).collect()
}

fn markups() -> Vec<Vec<u8>> {
    let typed = [
        "hello **bold** _it_ ~~no~~ `code` https://a.org/(x). a@b.org",
        "> quote\n> > deeper\n```\nlisting <b>\n```\nafter",
        "<b>a<i>b</b>c</i> <ul><li>one<li>two</ul><hr><br/><p>x",
        "<a href='https://a.org/?b=c&amp;d'>to <b>there</b></a> <a href=javascript:x>no</a>",
        "<img src=https://a.org/b alt='c'> <svg onload=x><script>x</script><!-- c -->",
        "&lt;&#x202e;&#8203;&amp &; \u{202e}\u{200b}👩\u{200d}👧 \\* \\`",
        "<ruby>x<rp>(<rt>y<rp>)</ruby><pre>a\n  b</pre><code>``</code>",
        "<mailto:a@b.org> <https://[::1]:80/> https://xn--a.b/ @Ann /purr \"x\"",
        "<div>a<p>b</p><table><tr><td>c<td>d</table></div><H1>e</H1><style>f</style>",
        "<!--[if x]><b>y</b><![endif]--><?xml?><!doctype html><b style='x'>z</b>",
    ];
    let encoded = typed.iter().filter_map(|typed| parse(typed).ok()).map(|tree| tree.encode());
    let nested = b"<blockquote>".repeat(9);
    encoded.chain(texts(&typed)).chain([nested]).collect()
}

/// Whole requests, whole handshakes, and frames after them.
fn upgrades() -> Vec<Vec<u8>> {
    let room = format!("{ROOM_PATH}{}", "07".repeat(16));
    let handshake = format!(
        "GET {room} HTTP/1.1\r\nhost: a\r\nconnection: keep-alive, Upgrade\r\nupgrade: websocket\r\n\
         sec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\
         sec-websocket-protocol: {SUBPROTOCOL}\r\norigin: http://a\r\n\r\n"
    );
    let after = |frames: &[Vec<u8>]| [handshake.as_bytes(), &frames.concat()].concat();
    let create = encode(&ClientFrame::Create { policy: Policy::default() });
    let (leave, close) = (encode(&ClientFrame::Leave), 1000_u16.to_be_bytes());
    let framed = vec![
        after(&[]),
        after(&[masked(0x82, &create), masked(0x89, b"ping"), masked(0x82, &leave)]),
        after(&[masked(0x82, &create), masked(0x02, &leave), masked(0x80, &[])]),
        after(&[masked(0x81, b"text")]),
        after(&[masked(0x88, &close)]),
        after(&[vec![0x82, 0xff, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff]]),
        after(&[vec![0x82, 5, 1, 2, 3, 4, 5]]),
        handshake.replace("origin: http://a", "origin: https://evil").into_bytes(),
        handshake.replace("version: 13", "version: 12").into_bytes(),
    ];
    let plain = [
        "GET / HTTP/1.1\r\nhost: a\r\naccept-encoding: br, gzip\r\n\r\n",
        "HEAD / HTTP/1.0\r\n\r\n",
        "GET /healthz HTTP/1.1\r\nhost: a\r\n\r\nGET /none HTTP/1.1\r\nhost: a\r\n\r\n",
        "POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 3\r\n\r\nabc",
        "POST / HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
        "CONNECT a:1 HTTP/1.1\r\nhost: a\r\n\r\n",
        "OPTIONS * HTTP/1.1\r\nhost: a\r\n\r\n",
        "GET http://a/room/x HTTP/1.1\r\nhost: a\r\nexpect: 100-continue\r\n\r\n",
        "GET /../%00 HTTP/1.1\r\nhost: a\r\nif-none-match: *\r\nrange: bytes=0-1\r\n\r\n",
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        "\u{16}\u{3}\u{1}",
    ];
    framed.into_iter().chain(texts(&plain)).collect()
}

/// A WebSocket frame as a client sends it.
fn masked(first: u8, payload: &[u8]) -> Vec<u8> {
    let mask = [1, 2, 3, 4];
    let length = u8::try_from(payload.len()).unwrap_or(125).min(125);
    let payload = payload.iter().zip(mask.into_iter().cycle()).map(|(byte, key)| byte ^ key);
    [first, 0x80 | length].into_iter().chain(mask).chain(payload).collect()
}

fn door_blobs() -> Vec<Vec<u8>> {
    let run = Run { room: ROOM, doorkeeper: ADA, newcomer: BOB };
    let (mut newcomer, _) = Newcomer::knock(ROOM, &key(), alias("Bob"));
    let mut words = vec![vec![], vec![0]];
    let met = Doorkeeper::meet(run, &key(), |offer| {
        words.push(offer.as_slice().to_vec());
        let DoorStep::Reply(answer) = newcomer.hear_door(ADA, BOB, offer) else { return None };
        words.push(answer.as_slice().to_vec());
        Some(answer)
    });
    let mut seeds = Vec::new();
    if let Some(doorkeeper) = met {
        let reply = doorkeeper.say(&[0]).map(|it| it.as_slice().to_vec());
        words.extend(reply);
        seeds.push(way(1, doorkeeper.shown()));
        let welcome = doorkeeper.welcome(doorkeeper.shown()).map(|it| it.as_slice().to_vec());
        seeds.extend(welcome.map(|it| way(4, &it)));
        // A message of the same library, though no welcome.
        seeds.push(way(4, doorkeeper.shown()));
    }
    seeds.extend(words.iter().flat_map(|word| [way(0, word), way(2, word)]));
    seeds.extend((0..6).map(|verdict| way(3, &[verdict])));
    seeds.push(way(1, b"no key package"));
    seeds
}

fn way(way: u8, rest: &[u8]) -> Vec<u8> {
    [&[way], rest].concat()
}

fn plans() -> Vec<Vec<u8>> {
    let claim = [0; 48];
    let said = [&claim[..], &[1, 2, b'h', b'i', 0x80], &[0; 203]].concat();
    let gone = encode(&sanctuary_protocol::ServerFrame::Entry(sanctuary_protocol::Entry {
        seq: sanctuary_protocol::Seq(1),
        from: BOB,
        kind: sanctuary_protocol::EntryKind::Left,
    }));
    let whole = [].as_slice();
    let message = [0, 1, 0, 2, 32].as_slice();
    let steps = |steps: &[Vec<u8>]| [&[0][..], &steps.concat()].concat();
    let by_host = |steps: &[Vec<u8>]| [&[1][..], &steps.concat()].concat();
    vec![
        steps(&[step(0, &[b"garbage"]), step(0, &[message]), step(0, &[whole])]),
        steps(&[step(1, &[b"garbage garbage", &[3, 130]]), step(1, &[&[0; 600], whole])]),
        steps(&[step(2, &[whole]), step(2, &[&[9, 0, 1]]), step(2, &[&[200, 0, 128]])]),
        by_host(&[step(3, &[whole, &[1, 1]]), step(2, &[whole])]),
        by_host(&[step(3, &[whole, &[2, 0]]), step(3, &[&[7, 0, 1], &[1, 0]])]),
        steps(&[step(3, &[whole, &[2, 0]]), step(3, &[whole, whole])]),
        steps(&[step(4, &[&said]), step(4, &[b"no post"]), step(4, &[whole])]),
        by_host(&[step(5, &[message, &[3]]), step(5, &[b"no commit", &[130]])]),
        steps(&[step(6, &[&gone]), step(2, &[whole])]),
        by_host(&[step(2, &[whole]), step(6, &[&gone]), step(3, &[whole, &[1, 0]])]),
    ]
}

/// One step of a plan: which way, and the pieces it asks for.
fn step(way: u8, pieces: &[&[u8]]) -> Vec<u8> {
    let piece = |piece: &&[u8]| {
        let length = u16::try_from(piece.len()).unwrap_or(u16::MAX);
        [&length.to_le_bytes(), *piece].concat()
    };
    [vec![way], pieces.iter().flat_map(piece).collect()].concat()
}

//! Pictures, as people choose, send, look at and take back.

use std::path::PathBuf;

use fantoccini::key::Key;
use serde_json::json;

use crate::house::House;
use crate::look::{Look, Scheme};
use crate::people::{Host, join, start_room, start_room_in};
use crate::proxy::Line;
use crate::window::Window;

/// A photograph with what cameras write into one.
pub(crate) fn evening() -> String {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/corpus/evening.jpg");
    folder.to_str().unwrap().to_owned()
}

/// What stands in that photograph beside the picture.
const CANARY: &str = "canary-of-the-camera";

/// Keeps what is given an address, and counts what has one.
const KEEPS: &str = "
    window.blobs = [];
    window.addresses = new Set();
    const { createObjectURL, revokeObjectURL } = URL;
    URL.createObjectURL = (blob) => {
        const url = createObjectURL.call(URL, blob);
        window.blobs.push(blob);
        window.addresses.add(url);
        return url;
    };
    URL.revokeObjectURL = (url) => {
        window.addresses.delete(url);
        revokeObjectURL.call(URL, url);
    };
";

/// Lets a picture go over the room: noise, which hardly can be made smaller, or what a script draws.
const DROP: &str = "
    const canvas = new OffscreenCanvas(WIDTH, HEIGHT);
    const context = canvas.getContext('2d');
    const noise = context.createImageData(WIDTH, HEIGHT);
    for (let at = 0; at < noise.data.length; at += 65536) {
        crypto.getRandomValues(noise.data.subarray(at, at + 65536));
    }
    context.putImageData(noise, 0, 0);
    return canvas.convertToBlob({ type: 'image/png' }).then((blob) => {
        const data = new DataTransfer();
        data.items.add(new File([blob], 'noise.png', { type: 'image/png' }));
        const drop = new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true });
        document.querySelector('.timeline').dispatchEvent(drop);
        return drop.defaultPrevented;
    });
";

pub(crate) async fn drop_noise(window: &Window, width: u32, height: u32) {
    let script = DROP.replace("WIDTH", &width.to_string()).replace("HEIGHT", &height.to_string());
    assert_eq!(window.eval(&script).await, true, "the browser would open it in the room's place");
}

/// Chooses that photograph, to be looked at before it is sent.
pub(crate) async fn choose_evening(window: &Window) {
    window.fill("picture-input", &evening()).await;
    window.see("Send this picture?").await;
}

/// Waits until the last picture is shown, and tells how large it is in itself.
pub(crate) async fn shown(window: &Window) -> (u64, u64) {
    let last = "[...document.querySelectorAll('.picture-image')].at(-1)";
    let is_shown = format!(
        "return {last}?.complete && {last}.naturalWidth > 0 \
        && document.querySelector('.picture-progress') === null"
    );
    window.until("the picture is shown", &is_shown).await;
    let size = window.eval(&format!("return [{last}.naturalWidth, {last}.naturalHeight]")).await;
    (size[0].as_u64().unwrap(), size[1].as_u64().unwrap())
}

async fn pictures(window: &Window) -> u64 {
    window.eval("return document.querySelectorAll('.picture').length").await.as_u64().unwrap()
}

/// Any of the pictures that were given an address holds that text.
async fn holds(window: &Window, text: &str) -> bool {
    let script = format!(
        "return Promise.all(window.blobs.map(blob => blob.arrayBuffer())).then(all =>
            all.some(buffer => new TextDecoder('latin1').decode(buffer).includes('{text}')))"
    );
    window.eval(&script).await == true
}

async fn two(house: &mut House) -> (Window, Window) {
    let Host { window: ada, link } = start_room(house, "Ada").await;
    let ben = join(house, &link, "Ben").await;
    ada.hear("Ben came in").await;
    for window in [&ada, &ben] {
        window.eval(KEEPS).await;
    }
    ada.press("Close").await;
    (ada, ben)
}

#[tokio::test]
async fn a_chosen_picture_is_looked_at_sent_and_seen_without_what_the_camera_wrote() {
    let mut house = House::open().await;
    let (ada, ben) = two(&mut house).await;
    let file = std::fs::read(evening()).unwrap();
    assert!(file.windows(CANARY.len()).any(|at| at == CANARY.as_bytes()), "it is there to be lost");

    choose_evening(&ada).await;
    ada.see("960 \u{d7} 640 pixels").await;
    ada.fill("caption", "the **hill** behind us").await;
    ada.press("Send").await;
    assert_eq!(shown(&ada).await, (960, 640));
    assert_eq!(shown(&ben).await, (960, 640));
    ben.hear("the hill behind us").await;
    let alt = ben.eval("return document.querySelector('.picture-image').alt").await;
    assert_eq!(alt, "the hill behind us");
    for window in [&ada, &ben] {
        assert!(holds(window, "RIFF").await, "the pictures are there to be read");
        assert!(!holds(window, CANARY).await);
        assert!(!holds(window, "Exif").await);
    }

    // By itself, and back.
    ben.eval("document.querySelector('.picture-open').click()").await;
    ben.find("dialog .picture-alone").await;
    ben.strike(&[Key::Escape]).await;
    ben.until("no dialog", "return document.querySelector('dialog') === null").await;
    house.close().await;
}

#[tokio::test]
async fn a_picture_far_too_large_is_made_to_fit_and_talk_goes_on_beside_it() {
    let mut house = House::open().await;
    let (ada, ben) = two(&mut house).await;
    drop_noise(&ada, 3_000, 1_500).await;
    ada.see("Send this picture?").await;
    ada.press("Send").await;
    ben.find(".picture-progress").await;
    ada.say("it is coming").await;
    ben.hear("it is coming").await;
    let arrived = "return document.querySelector('.picture-progress') === null";
    assert_eq!(ben.eval(arrived).await, false, "the words overtook the picture");
    let (width, height) = shown(&ben).await;
    assert!((400..=2_048).contains(&width) && width == 2 * height, "{width} by {height}");
    let sizes = ben.eval("return window.blobs.map(blob => blob.size)").await;
    let bytes = sizes[0].as_u64().unwrap();
    assert!((60_000..=256 * 1_024).contains(&bytes), "{bytes}");
    house.close().await;
}

#[tokio::test]
async fn a_pasted_picture_is_taken_and_pasted_words_stay_words() {
    let mut house = House::open().await;
    let (ada, ben) = two(&mut house).await;
    let paste = |script: &str| {
        format!(
            "const data = new DataTransfer(); {script}
             const paste = new ClipboardEvent('paste',
                 {{ clipboardData: data, bubbles: true, cancelable: true }});
             document.querySelector('#composer').dispatchEvent(paste);"
        )
    };
    let file = "const canvas = new OffscreenCanvas(40, 30);
        canvas.getContext('2d').fillRect(0, 0, 20, 30);
        return canvas.convertToBlob({ type: 'image/png' }).then((blob) => {";
    let add = "data.items.add(new File([blob], 'a.png', { type: 'image/png' }));";
    let both = format!("data.setData('text/plain', 'a cell'); {add}");
    ada.eval(&format!("{file} {} }})", paste(&both))).await;
    assert_eq!(ada.eval("return document.querySelector('dialog')").await, json!(null));
    let alone = format!("data.setData('text/html', '<img src=x>'); {add}");
    ada.eval(&format!("{file} {} }})", paste(&alone))).await;
    ada.see("40 \u{d7} 30 pixels").await;
    // What was still being typed sends nothing.
    ada.strike(&[Key::Enter]).await;
    ada.see("40 \u{d7} 30 pixels").await;
    ada.strike(&[Key::Tab]).await;
    ada.strike(&[Key::Tab]).await;
    assert_eq!(ada.focused().await, "Send");
    ada.strike(&[Key::Enter]).await;
    assert_eq!(shown(&ben).await, (40, 30));
    house.close().await;
}

#[tokio::test]
async fn a_picture_is_taken_back_before_it_is_sent_and_while_it_goes() {
    let mut house = House::open().await;
    let (ada, ben) = two(&mut house).await;
    choose_evening(&ada).await;
    ada.press("Cancel").await;
    ada.until("it is given up", "return window.addresses.size === 0").await;
    assert_eq!((pictures(&ada).await, pictures(&ben).await), (0, 0));

    drop_noise(&ada, 900, 900).await;
    ada.see("Send this picture?").await;
    ada.press("Send").await;
    ben.find(".picture-progress").await;
    ada.press("Cancel").await;
    for window in [&ada, &ben] {
        window.until("no picture", "return document.querySelector('.picture') === null").await;
        window.until("given up", "return window.addresses.size === 0").await;
    }
    house.close().await;
}

#[tokio::test]
async fn what_is_no_picture_is_refused_in_words() {
    let mut house = House::open().await;
    let (ada, _ben) = two(&mut house).await;
    let manifest = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml");
    ada.fill("picture-input", manifest.to_str().unwrap()).await;
    ada.see("That is no picture this browser can open.").await;
    let drop = "const data = new DataTransfer();
        data.items.add(new File(['not one'], 'a.png', { type: 'image/png' }));
        const drop = new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true });
        document.querySelector('.timeline').dispatchEvent(drop)";
    ada.say("so").await;
    ada.see_no_more("That is no picture").await;
    ada.eval(drop).await;
    ada.see("That is no picture this browser can open.").await;
    house.close().await;
}

#[tokio::test]
async fn a_picture_survives_a_connection_that_breaks_under_it() {
    let (mut house, proxy, window) = House::behind_a_proxy().await;
    let Host { window: ada, link } = start_room_in(window, "Ada").await;
    let link = house.straight(&link);
    let ben = join(&mut house, &link, "Ben").await;
    ada.hear("Ben came in").await;
    drop_noise(&ada, 1_200, 1_200).await;
    ada.see("Send this picture?").await;
    ada.press("Send").await;
    let underway = "return (document.querySelector('.picture-progress')?.value ?? 0) > 5";
    ben.until("some of it is there", underway).await;
    proxy.set(Line::Cut);
    ada.see("Connection lost").await;
    proxy.set(Line::Up);
    let (width, height) = shown(&ben).await;
    assert_eq!(width, height);
    shown(&ada).await;
    house.close_expecting(&["WebSocket connection to"]).await;
}

#[tokio::test]
async fn nothing_of_a_picture_stays_when_its_room_has_gone() {
    let mut house = House::open().await;
    let (ada, ben) = two(&mut house).await;
    choose_evening(&ada).await;
    ada.press("Send").await;
    for window in [&ada, &ben] {
        shown(window).await;
        assert_eq!(window.eval("return window.addresses.size").await, 1);
    }
    ben.press("Leave").await;
    ben.see("You left").await;
    ada.say("/stop").await;
    ada.press("End the room").await;
    ada.see("You ended the room").await;
    for window in [&ada, &ben] {
        assert_eq!(window.eval("return window.addresses.size").await, 0);
        assert_eq!(pictures(window).await, 0);
    }
    house.close().await;
}

#[tokio::test]
async fn pictures_fit_a_phone() {
    let mut house = House::open().await;
    let (ada, ben) = two(&mut house).await;
    let phone = Look { scheme: Scheme::Dark, ..Look::PHONE };
    for window in [&ada, &ben] {
        window.look(phone).await;
    }
    let fits = "return document.documentElement.scrollWidth <= 390";
    choose_evening(&ada).await;
    assert_eq!(ada.eval(fits).await, true);
    let send = "const send = [...document.querySelectorAll('dialog button')].at(-1);
        const box = send.getBoundingClientRect(); return box.bottom <= innerHeight && box.height >= 44";
    assert_eq!(ada.eval(send).await, true, "the way to send it is in sight");
    ada.press("Send").await;
    for window in [&ada, &ben] {
        shown(window).await;
        assert_eq!(window.eval(fits).await, true);
    }
    // Tall ones stay lower than the screen.
    drop_noise(&ben, 40, 400).await;
    ben.see("Send this picture?").await;
    ben.press("Send").await;
    assert_eq!(shown(&ada).await, (40, 400));
    let height = "return [...document.querySelectorAll('.picture')].at(-1).clientHeight";
    assert!(ada.eval(height).await.as_u64().unwrap() <= 330);
    house.close().await;
}

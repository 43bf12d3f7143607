//! The page's own policy, as the browser enforces it: no markup from text, no script but its own,
//! no word to any other place. And that the stories would notice, were it broken.

use serde_json::json;

use crate::house::House;

#[tokio::test]
async fn the_browser_refuses_what_the_page_never_does_and_the_console_shows_it() {
    let mut house = House::open().await;
    let window = house.window().await;
    window.find("#alias").await;
    window.check_console(&[]).await;
    let refused = window
        .eval(
            "const attempt = act => { try { act(); return 'done' } catch { return 'refused' } };
             return [
                 attempt(() => document.body.innerHTML = '<b>markup</b>'),
                 attempt(() => new Worker('/elsewhere.js')),
                 attempt(() => trustedTypes.createPolicy('another', {})),
                 attempt(() => trustedTypes.createPolicy('sanctuary', {})),
             ]",
        )
        .await;
    assert_eq!(refused, json!(["refused", "refused", "refused", "refused"]));
    let violations = window.console_errors(&[]).await;
    assert!(!violations.is_empty(), "a broken policy would pass unseen");

    let acted = window
        .eval(
            "const script = document.createElement('script');
             const image = document.createElement('img');
             image.src = 'https://example.invalid/beacon.png';
             document.body.append(script, image);
             try { script.text = 'window.acted = true' } catch {}
             return fetch('https://example.invalid/').then(() => 'reached', () => 'refused')
                 .then(fetched => [fetched, window.acted ?? null]);",
        )
        .await;
    assert_eq!(acted, json!(["refused", null]));
    let violations = window.console_errors(&[]).await;
    assert!(violations.iter().any(|said| said.contains("img-src")), "{violations:?}");
    assert!(violations.iter().any(|said| said.contains("connect-src")), "{violations:?}");
    house.close().await;
}

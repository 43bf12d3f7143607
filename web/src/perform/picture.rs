//! Pictures. What somebody chooses is drawn anew before it goes anywhere: what the drawing does not
//! show, where and when and by whom it was taken, is not in it. What is shown lies in this page's
//! memory under an address that leads nowhere else, and is given up with its line.

use js_sys::{Array, Promise, Uint8Array};
use leptos::prelude::{document, window};
use leptos::task::spawn_local;
use sanctuary_client::room::{Msg, PictureRefusal};
use sanctuary_client::{
    Msg as PageMsg, PICTURE_BYTES_MAX, PICTURE_SIDE_MAX, Picture, PictureId, PictureKind,
};
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    Blob, BlobPropertyBag, CanvasRenderingContext2d, FileList, HtmlCanvasElement, ImageBitmap, Url,
};

use crate::runtime::Runtime;

/// Bytes of a file that is opened: more than a telephone's camera makes.
const FILE_BYTES_MAX: f64 = 40_000_000.0;

/// The longer side of the drawing, in pixels, and the ones it is tried with when that is too much.
const SIDES: [u16; 6] = [PICTURE_SIDE_MAX, 1_600, 1_200, 900, 640, 400];

/// How faithful the encoding is, from 0 to 1: as much as can be told, and what is still good.
const QUALITIES: [f64; 2] = [0.82, 0.6];

/// Pictures that the browser has for this page.
#[derive(Default)]
pub(super) struct Album(Vec<(PictureId, ObjectUrl)>);

/// An address in the page's memory. Letting go of it gives it up.
struct ObjectUrl(String);

impl Drop for ObjectUrl {
    fn drop(&mut self) {
        let _gone = Url::revoke_object_url(&self.0);
    }
}

impl Album {
    /// Where the browser has it from here on.
    pub(super) fn hold(&mut self, picture: PictureId, content: &Picture, runtime: Runtime) {
        let Ok(url) = object_url(content) else { return };
        self.0.push((picture, ObjectUrl(url.clone())));
        runtime.dispatch(PageMsg::HeldPicture { picture, url });
    }

    pub(super) fn release(&mut self, picture: PictureId) {
        self.0.retain(|(held, _)| *held != picture);
    }
}

fn object_url(content: &Picture) -> Result<String, JsValue> {
    let options = BlobPropertyBag::new();
    options.set_type(content.kind().media_type());
    let parts = Array::of1(&Uint8Array::from(content.bytes()));
    Url::create_object_url_with_blob(&Blob::new_with_u8_array_sequence_and_options(
        &parts, &options,
    )?)
}

/// The first picture among files, if one is there.
pub(crate) fn first_picture(files: Option<FileList>) -> Option<Blob> {
    let files = files?;
    let mut files = (0..files.length()).filter_map(|at| files.get(at)).map(Blob::from);
    files.find(|file| file.type_().starts_with("image/"))
}

/// Draws what was chosen anew, to be looked at before it is sent.
pub(crate) fn choose(file: Blob, runtime: Runtime) {
    let tell = move |msg| runtime.dispatch(PageMsg::Room(msg));
    if file.size() > FILE_BYTES_MAX {
        return tell(Msg::RefusedPicture(PictureRefusal::TooLarge));
    }
    tell(Msg::OpenedPicture);
    spawn_local(async move {
        tell(match drawn_anew(&file).await {
            Ok(picture) => Msg::ChosePicture(picture),
            Err(_) => Msg::RefusedPicture(PictureRefusal::Unreadable),
        });
    });
}

async fn drawn_anew(file: &Blob) -> Result<Picture, JsValue> {
    let opened = window().create_image_bitmap_with_blob(file)?;
    let bitmap: ImageBitmap = JsFuture::from(opened).await?.unchecked_into();
    let canvas: HtmlCanvasElement = document().create_element("canvas")?.unchecked_into();
    let picture = encoded(&bitmap, &canvas).await;
    // Whatever was drawn is gone at once, and not when the browser next tidies up.
    bitmap.close();
    canvas.set_width(0);
    canvas.set_height(0);
    picture
}

/// As large and as faithful as it may be.
async fn encoded(bitmap: &ImageBitmap, canvas: &HtmlCanvasElement) -> Result<Picture, JsValue> {
    // Not every browser writes the better kind.
    for kind in [PictureKind::WebP, PictureKind::Jpeg] {
        for side in SIDES {
            draw(bitmap, canvas, side, kind)?;
            for quality in QUALITIES {
                let blob = blob_of(canvas, kind, quality).await?;
                if blob.type_() != kind.media_type() {
                    break;
                }
                let bytes = JsFuture::from(blob.array_buffer()).await?;
                if let Ok(picture) = Picture::new(Uint8Array::new(&bytes).to_vec()) {
                    return Ok(picture);
                }
                // Far too much is not mended by a little less of it.
                if blob.size() > 2.0 * PICTURE_BYTES_MAX as f64 {
                    break;
                }
            }
        }
    }
    Err(JsValue::NULL)
}

fn draw(
    bitmap: &ImageBitmap,
    canvas: &HtmlCanvasElement,
    side: u16,
    kind: PictureKind,
) -> Result<(), JsValue> {
    let (width, height) = (f64::from(bitmap.width()), f64::from(bitmap.height()));
    let scale = (f64::from(side) / width.max(height)).min(1.0);
    let (width, height) = ((width * scale).round().max(1.0), (height * scale).round().max(1.0));
    // Both are whole, and no more than the side.
    canvas.set_width(width as u32);
    canvas.set_height(height as u32);
    let context = canvas.get_context("2d")?.ok_or(JsValue::NULL)?;
    let context: CanvasRenderingContext2d = context.unchecked_into();
    if kind == PictureKind::Jpeg {
        // What can be seen through would come out black.
        context.set_fill_style_str("white");
        context.fill_rect(0.0, 0.0, width, height);
    }
    context.draw_image_with_image_bitmap_and_dw_and_dh(bitmap, 0.0, 0.0, width, height)
}

async fn blob_of(
    canvas: &HtmlCanvasElement,
    kind: PictureKind,
    quality: f64,
) -> Result<Blob, JsValue> {
    let made = Promise::new(&mut |resolve, _| {
        let done = Closure::once_into_js(move |blob: JsValue| {
            let _none = resolve.call1(&JsValue::UNDEFINED, &blob);
        });
        let _unable = canvas.to_blob_with_type_and_encoder_options(
            done.unchecked_ref(),
            kind.media_type(),
            &quality.into(),
        );
    });
    JsFuture::from(made).await?.dyn_into::<Blob>()
}

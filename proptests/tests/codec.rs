//! Properties of the codec: what is encoded is what is decoded, and no bytes whatever do harm.
//! What decoding allocates is measured in `protocol/tests/allocation.rs`.

use proptest::prelude::*;
use sanctuary_proptests::frames;
use sanctuary_protocol::admin::AdminRequest;
use sanctuary_protocol::{ClientFrame, DecodeError, Frame, ServerFrame, decode, encode};

proptest! {
    #![proptest_config(sanctuary_proptests::config("codec"))]

    #[test]
    fn every_client_frame_survives_the_wire(frame in frames::client_frame()) {
        let bytes = encode(&frame);
        prop_assert!(bytes.len() <= ClientFrame::BYTES_MAX || is_two_great_blobs(&frame));
        if bytes.len() <= ClientFrame::BYTES_MAX {
            prop_assert_eq!(decode::<ClientFrame>(&bytes), Ok(frame));
        }
    }

    #[test]
    fn every_server_frame_survives_the_wire(frame in frames::server_frame()) {
        let bytes = encode(&frame);
        prop_assert!(bytes.len() <= ServerFrame::BYTES_MAX);
        prop_assert_eq!(decode::<ServerFrame>(&bytes), Ok(frame));
    }

    #[test]
    fn every_admin_request_survives_its_line(request in frames::admin_request()) {
        let line = serde_json::to_string(&request).unwrap();
        prop_assert!(!line.contains('\n'));
        prop_assert_eq!(serde_json::from_str::<AdminRequest>(&line).unwrap(), request);
    }

    #[test]
    fn arbitrary_bytes_are_a_frame_or_an_error_and_a_frame_is_what_it_encodes_to(
        bytes in frames::bytes(),
    ) {
        reads_or_refuses::<ClientFrame>(&bytes)?;
        reads_or_refuses::<ServerFrame>(&bytes)?;
    }

    #[test]
    fn a_frame_with_a_byte_changed_is_a_frame_or_an_error(
        frame in frames::server_frame(),
        at in any::<prop::sample::Index>(),
        to in any::<u8>(),
    ) {
        let mut bytes = encode(&frame);
        let at = at.index(bytes.len());
        bytes[at] = to;
        reads_or_refuses::<ServerFrame>(&bytes)?;
    }

    #[test]
    fn a_frame_that_breaks_off_or_goes_on_is_refused(
        frame in frames::client_frame(),
        at in any::<prop::sample::Index>(),
        more in 1_usize..100,
    ) {
        let mut bytes = encode(&frame);
        prop_assume!(bytes.len() + more <= ClientFrame::BYTES_MAX);
        let cut = at.index(bytes.len());
        prop_assert!(decode::<ClientFrame>(&bytes[..cut]).is_err());
        bytes.extend(vec![0; more]);
        prop_assert_eq!(
            decode::<ClientFrame>(&bytes),
            Err(DecodeError::Trailing { bytes: more })
        );
    }

    #[test]
    fn an_admin_line_is_a_request_or_an_error(line in ".{0,200}") {
        if let Ok(request) = serde_json::from_str::<AdminRequest>(&line) {
            let again = serde_json::to_string(&request).unwrap();
            prop_assert_eq!(serde_json::from_str::<AdminRequest>(&again).unwrap(), request);
        }
    }
}

/// A commit's ciphertext and welcome are each bounded, and so is their frame: both at their largest
/// do not fit, and decoding refuses the whole.
fn is_two_great_blobs(frame: &ClientFrame) -> bool {
    match frame {
        ClientFrame::Commit { ciphertext, welcome, .. } => {
            ciphertext.len() + welcome.len() > 256 * 1024
        }
        ClientFrame::Create { .. }
        | ClientFrame::Knock { .. }
        | ClientFrame::Door { .. }
        | ClientFrame::Resume { .. }
        | ClientFrame::Post { .. }
        | ClientFrame::Lock(_)
        | ClientFrame::HandOver { .. }
        | ClientFrame::Close
        | ClientFrame::Leave => false,
    }
}

fn reads_or_refuses<F>(bytes: &[u8]) -> Result<(), TestCaseError>
where
    F: Frame + PartialEq + std::fmt::Debug,
{
    if let Ok(frame) = decode::<F>(bytes) {
        // A number may be written in more bytes than it needs, so the bytes may differ.
        prop_assert_eq!(decode::<F>(&encode(&frame)), Ok(frame));
    }
    Ok(())
}

//! Compiles the server anew when the built client changes. Makes nothing: without a client the
//! server says how to build one.

use std::path::Path;

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    // A path that does not exist would make every build start over; whoever makes the folder
    // touches this file.
    if Path::new("../dist").exists() {
        println!("cargo:rerun-if-changed=../dist");
    }
}

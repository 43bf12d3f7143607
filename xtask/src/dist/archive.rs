//! An archive of a folder, the same bytes whoever makes it and whenever: files in order, nobody's, of
//! no time.

use std::fs::{self, File};
use std::io::{self, Write};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use flate2::Compression;
use flate2::write::GzEncoder;
use tar::{Builder, EntryType, Header};

/// Everybody may read a file, and run a program.
const MODE_FILE: u32 = 0o644;
const MODE_PROGRAM: u32 = 0o755;

/// The bit by which a file is a program.
const MODE_RUN: u32 = 0o100;

/// Packs a folder into `FOLDER.tar.gz` beside it.
///
/// # Errors
/// When the disk refuses.
pub(super) fn pack(folder: &Path) -> Result<PathBuf> {
    let name = folder.file_name().context("the folder has no name")?;
    let archive = folder.with_file_name(format!("{}.tar.gz", name.to_string_lossy()));
    let file =
        File::create(&archive).with_context(|| format!("cannot make {}", archive.display()))?;
    write(folder, Path::new(name), file)?;
    Ok(archive)
}

fn write(folder: &Path, name: &Path, out: impl Write) -> Result<()> {
    let mut builder = Builder::new(GzEncoder::new(out, Compression::best()));
    add_folder(&mut builder, folder, name)?;
    builder.into_inner()?.finish()?;
    Ok(())
}

fn add_folder(builder: &mut Builder<impl Write>, folder: &Path, name: &Path) -> Result<()> {
    add(builder, EntryType::Directory, &name.join(""), MODE_PROGRAM, &[])?;
    let mut files = Vec::new();
    for file in fs::read_dir(folder).with_context(|| format!("cannot list {}", folder.display()))? {
        files.push(file?);
    }
    files.sort_by_key(fs::DirEntry::file_name);
    for file in files {
        let (path, name) = (file.path(), name.join(file.file_name()));
        let about = file.metadata()?;
        if about.is_dir() {
            add_folder(builder, &path, &name)?;
        } else {
            let is_program = about.permissions().mode() & MODE_RUN != 0;
            let mode = if is_program { MODE_PROGRAM } else { MODE_FILE };
            add(builder, EntryType::Regular, &name, mode, &fs::read(&path)?)?;
        }
    }
    Ok(())
}

fn add(
    builder: &mut Builder<impl Write>,
    kind: EntryType,
    name: &Path,
    mode: u32,
    bytes: &[u8],
) -> io::Result<()> {
    let mut header = Header::new_ustar();
    header.set_entry_type(kind);
    header.set_mode(mode);
    header.set_mtime(0);
    header.set_uid(0);
    header.set_gid(0);
    header.set_size(bytes.len() as u64);
    builder.append_data(&mut header, name, bytes)
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, SystemTime};

    use super::*;

    fn packed(folder: &Path) -> Vec<u8> {
        let mut bytes = Vec::new();
        write(folder, Path::new("it"), &mut bytes).unwrap();
        bytes
    }

    #[test]
    fn an_archive_is_the_same_whenever_and_by_whomever_it_is_made() {
        let make = |names: [&str; 2], age: u64, mode: u32| {
            let folder = tempfile::tempdir().unwrap();
            for name in names {
                let path = folder.path().join(name);
                fs::create_dir_all(path.parent().unwrap()).unwrap();
                fs::write(&path, name).unwrap();
                fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
                let time = SystemTime::UNIX_EPOCH + Duration::from_secs(age);
                File::options().append(true).open(&path).unwrap().set_modified(time).unwrap();
            }
            packed(folder.path())
        };
        let once = make(["one", "under/two"], 1_000, 0o644);
        assert_eq!(make(["under/two", "one"], 2_000_000, 0o600), once);
        assert_ne!(make(["one", "under/two"], 1_000, 0o755), once, "a program is one");
        let mut unpacked = tar::Archive::new(flate2::read::GzDecoder::new(&*once));
        let names: Vec<_> = unpacked
            .entries()
            .unwrap()
            .map(|entry| entry.unwrap().path().unwrap().display().to_string())
            .collect();
        assert_eq!(names, ["it/", "it/one", "it/under/", "it/under/two"]);
    }
}

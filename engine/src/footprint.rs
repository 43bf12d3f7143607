//! What the process takes of the machine, as `/proc` tells it (proc(5)). What cannot be read counts as
//! nothing: these are numbers for an operator, and decide nothing.

use std::fs;
use std::os::unix::fs::FileTypeExt as _;
use std::path::Path;

use rustix::process::{Resource, getrlimit};
use rustix::time::{ClockId, clock_gettime};
use sanctuary_protocol::admin::{Memory, OpenFiles};

/// The flags of a file that may only be read (`O_RDONLY` of open(2)) are zero in these bits.
const ACCESS_MODE: u32 = 0o3;

/// Bytes of memory in use.
pub(crate) fn resident_bytes() -> u64 {
    kibibytes_of_status("VmRSS:") * 1024
}

/// Time spent on a processor, by all threads together.
pub(crate) fn processor_milliseconds() -> u64 {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    let whole = u64::try_from(time.tv_sec).unwrap_or_default() * 1_000;
    whole + u64::try_from(time.tv_nsec).unwrap_or_default() / 1_000_000
}

/// What is kept from others and from the disk.
pub(crate) fn memory() -> Memory {
    Memory {
        locked_bytes: kibibytes_of_status("VmLck:") * 1024,
        swapped_bytes: kibibytes_of_status("VmSwap:") * 1024,
        core_dump_bytes_max: getrlimit(Resource::Core).maximum.unwrap_or(u64::MAX),
    }
}

fn kibibytes_of_status(field: &str) -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix(field));
    line.and_then(|line| line.split_whitespace().next()?.parse().ok()).unwrap_or_default()
}

/// The open files, counted.
pub(crate) struct Opened(OpenFiles);

impl Opened {
    pub(crate) fn kinds(&self) -> OpenFiles {
        self.0
    }

    pub(crate) fn total(&self) -> u32 {
        let OpenFiles { sockets, pipes, devices, anonymous, files_to_write, files_to_read } =
            self.0;
        sockets + pipes + devices + anonymous + files_to_write + files_to_read
    }
}

/// Looks through the open files. The one that the looking itself takes is not counted.
pub(crate) fn open_files() -> Opened {
    let mut files = OpenFiles::default();
    let Ok(folder) = fs::read_dir("/proc/self/fd") else { return Opened(files) };
    for entry in folder.filter_map(Result::ok) {
        let link = entry.path();
        // It was the folder itself, or is closed already.
        let Ok(found) = fs::metadata(&link) else { continue };
        let kind = found.file_type();
        let count = if kind.is_socket() {
            &mut files.sockets
        } else if kind.is_fifo() {
            &mut files.pipes
        } else if kind.is_char_device() || kind.is_block_device() {
            &mut files.devices
        } else if kind.is_dir() {
            continue;
        } else if fs::read_link(&link).is_ok_and(|to| to.starts_with("/")) {
            if may_write(&link) { &mut files.files_to_write } else { &mut files.files_to_read }
        } else {
            &mut files.anonymous
        };
        *count += 1;
    }
    Opened(files)
}

/// By the flags it was opened with, in octal.
fn may_write(link: &Path) -> bool {
    let number = link.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let info = fs::read_to_string(format!("/proc/self/fdinfo/{number}")).unwrap_or_default();
    let flags = info.lines().find_map(|line| line.strip_prefix("flags:"));
    let flags = flags.and_then(|flags| u32::from_str_radix(flags.trim(), 8).ok());
    flags.is_some_and(|flags| flags & ACCESS_MODE != 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_count_by_kind_and_by_what_may_be_done_with_them() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        let before = open_files();
        let written = fs::File::create(&path).unwrap();
        let read = fs::File::open(&path).unwrap();
        let socket = std::net::UdpSocket::bind("127.0.0.1:0").unwrap();
        let after = open_files();
        let grown = |count: fn(&OpenFiles) -> u32| count(&after.0) > count(&before.0);
        assert!(grown(|it| it.files_to_write) && grown(|it| it.files_to_read));
        assert!(grown(|it| it.sockets));
        drop((written, read, socket));
    }

    #[test]
    fn the_process_takes_memory_and_time() {
        assert!(resident_bytes() > 1024 * 1024);
        let begun = processor_milliseconds();
        while processor_milliseconds() < begun + 2 {}
    }
}

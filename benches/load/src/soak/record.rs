//! What was looked at, kept for the verdict and written down for people and for programs.

use std::fs::File;
use std::io::Write as _;
use std::path::Path;

use anyhow::{Context as _, Result};

use super::watch::Look;

/// What was looked at.
pub(super) struct Record {
    pub(super) looks: Vec<Look>,
    file: Option<File>,
}

impl Record {
    /// # Errors
    /// When the file cannot be made.
    pub(super) fn new(file: Option<&Path>) -> Result<Self> {
        let file = file.map(File::create).transpose().context("the samples cannot be written")?;
        Ok(Self { looks: Vec::new(), file })
    }

    /// # Errors
    /// When the file takes no more.
    pub(super) fn take(&mut self, look: Look, is_told: bool) -> Result<()> {
        if is_told {
            println!("{:5.1} min: {}", look.minute, brief(&look));
        }
        if let Some(file) = &mut self.file {
            if self.looks.is_empty() {
                writeln!(file, "{CSV_HEAD}")?;
            }
            writeln!(file, "{}", csv(&look))?;
        }
        self.looks.push(look);
        Ok(())
    }
}

const CSV_HEAD: &str = "minute,rss_bytes,rss_anonymous_bytes,threads,files,connections,rooms,\
                        room_actors,member_actors,other_actors,retained_bytes,connections_opened";

fn csv(look: &Look) -> String {
    let Look { minute, rss, rss_anonymous, threads, files, connections, rooms, actors, .. } = look;
    let Look { retained, connections_opened, .. } = look;
    format!(
        "{minute:.3},{rss},{rss_anonymous},{threads},{files},{connections},{rooms},{},{},{},\
         {retained},{connections_opened}",
        actors.rooms, actors.members, actors.others
    )
}

/// For people.
pub(super) fn brief(look: &Look) -> String {
    let kibibytes = |bytes: u64| bytes / 1024;
    let Look { rss, rss_anonymous, threads, files, connections, rooms, actors, .. } = look;
    format!(
        "RSS {} KiB ({} anonymous), {files} files, {threads} threads, {connections} connections, \
         {rooms} rooms, {} members, {} KiB retained",
        kibibytes(*rss),
        kibibytes(*rss_anonymous),
        actors.members,
        kibibytes(look.retained)
    )
}

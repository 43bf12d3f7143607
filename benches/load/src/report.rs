//! What was found, for people and for programs: one aligned table a workload, with ratios to Bun and
//! to the limit, a second one where a workload grows, and one JSON document. Must not measure anything.

use serde_json::{Value, json};

use crate::contender::{Contender, Page};
use crate::figure::{Figure, Reading};
use crate::workload::{Point, Workload};

/// What the ratios are to.
const BESIDE: [(Contender, &str); 2] =
    [(Contender::Bun, "to bun"), (Contender::EpollCoalescing, "to the limit")];

/// What was found of one server at one point.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    pub(crate) point: &'static str,
    pub(crate) contender: Contender,
    pub(crate) settled: Reading,
    pub(crate) rounds: Vec<Reading>,
    pub(crate) failures: Vec<String>,
}

/// A workload's rows, and what belongs beside them.
#[derive(Clone, Debug)]
pub(crate) struct Found {
    pub(crate) workload: Workload,
    pub(crate) rows: Vec<Row>,
}

/// The table of a workload.
pub(crate) fn table(found: &Found) -> String {
    let Workload { name, about, points, columns, key } = &found.workload;
    let labelled = points.len() > 1;
    let mut lines = vec![heads(columns, labelled)];
    lines.extend(found.rows.iter().map(|row| cells(row, found, labelled)));
    let mut table = format!("{name}: {about}\n{}", aligned(&lines));
    if labelled {
        table.push_str(&aligned(&growth(found)));
    }
    table.push_str(&format!("ratios are of {}\n", key.title()));
    let mut flags: Vec<String> =
        points.iter().map(|point| point.server_flags().join(" ")).collect();
    flags.dedup();
    flags.iter().for_each(|flags| table.push_str(&format!("sanctuary {flags}\n")));
    for row in &found.rows {
        for failure in &row.failures {
            let name = row.contender.name();
            table.push_str(&format!("FAILED {name} {}: {failure}\n", row.point));
        }
    }
    table
}

fn heads(columns: &[Figure], labelled: bool) -> Vec<String> {
    let mut heads = vec!["server".to_owned()];
    if labelled {
        heads.push("at".to_owned());
    }
    heads.extend(columns.iter().map(|figure| figure.title().to_owned()));
    heads.extend(BESIDE.iter().map(|(_, title)| (*title).to_owned()));
    heads
}

/// The key figure of each server from point to point, and our ratios. Ours grows no faster than the
/// limit when its ratio to it does not rise.
fn growth(found: &Found) -> Vec<Vec<String>> {
    let Workload { points, key, .. } = &found.workload;
    let line = |title: String, cell: &dyn Fn(&Row) -> Option<String>, contender: Contender| {
        let at = |point: &Point| {
            let is_it = |row: &&Row| row.contender == contender && row.point == point.label;
            found.rows.iter().find(is_it).and_then(cell).unwrap_or_else(nothing)
        };
        [title].into_iter().chain(points.iter().map(at)).collect::<Vec<String>>()
    };
    let labels = points.iter().map(|point| point.label.to_owned());
    let mut lines: Vec<Vec<String>> =
        vec![[format!("{} at", key.title())].into_iter().chain(labels).collect()];
    let first = points.first().map(|point| point.label);
    for row in found.rows.iter().filter(|row| Some(row.point) == first) {
        let written = |row: &Row| row.settled.get(key).map(|number| key.written(*number));
        lines.push(line(row.contender.name().to_owned(), &written, row.contender));
    }
    for (beside, title) in BESIDE {
        let ours = Contender::Sanctuary;
        let written = |row: &Row| ratio(row, beside, found).map(|ratio| format!("{ratio:.2}"));
        lines.push(line(format!("{} {title}", ours.name()), &written, ours));
    }
    lines
}

fn cells(row: &Row, found: &Found, labelled: bool) -> Vec<String> {
    let mut cells = vec![row.contender.name().to_owned()];
    if labelled {
        cells.push(row.point.to_owned());
    }
    cells.extend(found.workload.columns.iter().map(|figure| {
        row.settled.get(figure).map_or_else(nothing, |number| figure.written(*number))
    }));
    cells.extend(BESIDE.iter().map(|(beside, _)| {
        ratio(row, *beside, found).map_or_else(nothing, |ratio| format!("{ratio:.2}"))
    }));
    cells
}

/// In place of what was not measured.
fn nothing() -> String {
    "-".to_owned()
}

/// A row's key figure over another server's at the same point.
fn ratio(row: &Row, beside: Contender, found: &Found) -> Option<f64> {
    let is_it = |other: &&Row| other.contender == beside && other.point == row.point;
    let other = found.rows.iter().find(is_it)?.settled.get(&found.workload.key)?;
    let own = row.settled.get(&found.workload.key)?;
    (*other > 0.0).then(|| own / other)
}

/// Columns as wide as their widest; the first to the left, numbers to the right.
fn aligned(lines: &[Vec<String>]) -> String {
    let columns = lines.iter().map(Vec::len).max().unwrap_or(0);
    let width = |at: usize| {
        let cells = lines.iter().filter_map(|line| line.get(at));
        cells.map(|cell| cell.chars().count()).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..columns).map(width).collect();
    let mut text = String::new();
    for line in lines {
        for (at, (cell, width)) in line.iter().zip(&widths).enumerate() {
            match at {
                0 => text.push_str(&format!("{cell:<width$}")),
                _ => text.push_str(&format!("  {cell:>width$}")),
            }
        }
        text.push('\n');
    }
    text
}

/// Everything that was found, as one document.
pub(crate) fn document(machine: &Value, page: Page, all: &[Found]) -> Value {
    let workloads: Vec<Value> = all.iter().map(workload).collect();
    json!({ "machine": machine, "sanctuary_has_page": page == Page::Inside, "workloads": workloads })
}

fn workload(found: &Found) -> Value {
    let Workload { name, about, points, columns: _, key } = &found.workload;
    let settings: Vec<Value> = points
        .iter()
        .map(|point| {
            json!({
                "at": point.label,
                "rooms": point.layout.rooms,
                "members": point.layout.members,
                "senders": point.layout.senders,
                "drive": format!("{:?}", point.drive),
                "payload_bytes": point.payload_bytes,
                "payload_bytes_ours": point.payload_bytes_ours,
                "sanctuary_flags": point.server_flags(),
            })
        })
        .collect();
    let rows: Vec<Value> = found
        .rows
        .iter()
        .map(|row| {
            json!({
                "server": row.contender.name(),
                "at": row.point,
                "figures": figures(&row.settled),
                "rounds": row.rounds.iter().map(figures).collect::<Vec<Value>>(),
                "failures": row.failures,
                "ratio_to_bun": ratio(row, Contender::Bun, found),
                "ratio_to_limit": ratio(row, Contender::EpollCoalescing, found),
            })
        })
        .collect();
    json!({ "name": name, "about": about, "ratios_of": key.key(), "settings": settings, "rows": rows })
}

fn figures(reading: &Reading) -> Value {
    let pairs = reading.iter().map(|(figure, number)| (figure.key().to_owned(), json!(number)));
    Value::Object(pairs.collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workload;

    fn row(contender: Contender, point: &'static str, cpu: f64) -> Row {
        let settled = Reading::from([(Figure::CpuPerDelivery, cpu)]);
        let rounds = vec![settled.clone()];
        Row { point, contender, settled, rounds, failures: Vec::new() }
    }

    fn found(name: &str, rows: Vec<Row>) -> Found {
        Found { workload: workload::named(name, 20_000).unwrap(), rows }
    }

    #[test]
    fn each_row_stands_beside_bun_and_the_limit_at_the_same_point() {
        let found = found(
            "growth-rooms",
            vec![
                row(Contender::Sanctuary, "1", 3.0),
                row(Contender::Sanctuary, "20", 8.0),
                row(Contender::Bun, "1", 2.0),
                row(Contender::Bun, "20", 4.0),
                row(Contender::EpollCoalescing, "1", 1.0),
            ],
        );
        let ratios: Vec<_> = found
            .rows
            .iter()
            .map(|row| BESIDE.map(|(beside, _)| ratio(row, beside, &found)))
            .collect();
        assert_eq!(ratios[0], [Some(1.5), Some(3.0)]);
        assert_eq!(ratios[1], [Some(2.0), None]);
        assert_eq!(ratios[2], [Some(1.0), Some(2.0)]);
        let document = document(&json!({}), Page::Absent, &[found]);
        assert_eq!(document["workloads"][0]["rows"][0]["ratio_to_bun"], json!(1.5));
    }

    #[test]
    fn where_a_workload_grows_each_server_and_our_ratios_stand_in_a_line() {
        let found = found(
            "growth-rooms",
            vec![
                row(Contender::Sanctuary, "1", 3.0),
                row(Contender::EpollCoalescing, "1", 2.0),
                row(Contender::Sanctuary, "20", 4.0),
                row(Contender::EpollCoalescing, "20", 4.0),
            ],
        );
        let lines = growth(&found);
        assert_eq!(lines[0], ["CPU µs/delivery at", "1", "20", "200", "2000"]);
        assert_eq!(lines[1], ["sanctuary", "3.00 µs", "4.00 µs", "-", "-"]);
        assert_eq!(lines[2], ["epoll-coalescing", "2.00 µs", "4.00 µs", "-", "-"]);
        assert_eq!(lines[3], ["sanctuary to bun", "-", "-", "-", "-"]);
        assert_eq!(lines[4], ["sanctuary to the limit", "1.50", "1.00", "-", "-"]);
    }

    #[test]
    fn columns_are_aligned_and_what_is_not_known_is_a_dash() {
        let mut failed = row(Contender::Bun, "", 0.0);
        failed.settled.clear();
        failed.failures.push("there is no bun".to_owned());
        let found = found("W1", vec![row(Contender::Sanctuary, "", 3.25), failed]);
        let table = table(&found);
        let lines: Vec<&str> = table.lines().collect();
        let width = |at: usize| lines[at].chars().count();
        assert!(width(1) == width(2) && width(2) == width(3), "{table}");
        assert!(lines[2].starts_with("sanctuary") && lines[2].contains("3.25 µs"));
        assert!(lines[3].contains(" - ") && table.contains("FAILED bun : there is no bun"));
        assert!(table.contains("--commit-wait=0"));
    }
}

//! What is measured: each figure's name, unit and notation, and how the rounds of one are made into
//! one. Must not know where a figure comes from.

use std::collections::BTreeMap;

/// Something that is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Figure {
    CpuPerDelivery,
    Deliveries,
    LatencyHalf,
    LatencyMost,
    LatencyHalfBefore,
    LatencyMostBefore,
    Lost,
    Doubled,
    Reordered,
    Gaps,
    Rss,
    Pss,
    RssAlone,
    PssAlone,
    RssGrowth,
    Connections,
    RssPerConnection,
    PssPerConnection,
    /// TCP and upgrade, nothing else.
    ConnectsPerSecond,
    /// From nothing to a place in a room; where there is no door, the same as a connect.
    JoinsPerSecond,
    IdleUse,
    ServerUse,
    GeneratorUse,
    SlowHungUp,
    HungUp,
}

/// What one run of one server found. What could not be measured is not there.
pub(crate) type Reading = BTreeMap<Figure, f64>;

/// How a number is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Notation {
    Microseconds,
    Count,
    Bytes,
    Percent,
}

impl Figure {
    /// The head of its column.
    pub(crate) fn title(self) -> &'static str {
        match self {
            Self::CpuPerDelivery => "CPU µs/delivery",
            Self::Deliveries => "deliveries/s",
            Self::LatencyHalf => "p50",
            Self::LatencyMost => "p99",
            Self::LatencyHalfBefore => "p50 before",
            Self::LatencyMostBefore => "p99 before",
            Self::Lost => "lost",
            Self::Doubled => "doubled",
            Self::Reordered => "reordered",
            Self::Gaps => "gaps",
            Self::Rss => "RSS",
            Self::Pss => "PSS",
            Self::RssAlone => "RSS alone",
            Self::PssAlone => "PSS alone",
            Self::RssGrowth => "RSS growth",
            Self::Connections => "connections",
            Self::RssPerConnection => "RSS each",
            Self::PssPerConnection => "PSS each",
            Self::ConnectsPerSecond => "connects/s",
            Self::JoinsPerSecond => "joins/s",
            Self::IdleUse => "idle CPU",
            Self::ServerUse => "server CPU",
            Self::GeneratorUse => "generator CPU",
            Self::SlowHungUp => "slow hung up",
            Self::HungUp => "hung up",
        }
    }

    /// Its name in JSON, with the unit last.
    pub(crate) fn key(self) -> &'static str {
        match self {
            Self::CpuPerDelivery => "cpu_per_delivery_microseconds",
            Self::Deliveries => "deliveries_per_second",
            Self::LatencyHalf => "latency_p50_microseconds",
            Self::LatencyMost => "latency_p99_microseconds",
            Self::LatencyHalfBefore => "latency_before_p50_microseconds",
            Self::LatencyMostBefore => "latency_before_p99_microseconds",
            Self::Lost => "lost_deliveries",
            Self::Doubled => "doubled_deliveries",
            Self::Reordered => "reordered_deliveries",
            Self::Gaps => "sequence_gaps",
            Self::Rss => "rss_bytes",
            Self::Pss => "pss_bytes",
            Self::RssAlone => "rss_alone_bytes",
            Self::PssAlone => "pss_alone_bytes",
            Self::RssGrowth => "rss_growth_bytes",
            Self::Connections => "connections",
            Self::RssPerConnection => "rss_per_connection_bytes",
            Self::PssPerConnection => "pss_per_connection_bytes",
            Self::ConnectsPerSecond => "connects_per_second",
            Self::JoinsPerSecond => "joins_per_second",
            Self::IdleUse => "idle_cpu_percent",
            Self::ServerUse => "server_cpu_percent",
            Self::GeneratorUse => "generator_cpu_percent",
            Self::SlowHungUp => "slow_hung_up",
            Self::HungUp => "hung_up",
        }
    }

    /// Faults are of the worst round, all else is the median.
    fn is_fault(self) -> bool {
        matches!(self, Self::Lost | Self::Doubled | Self::Reordered | Self::Gaps | Self::HungUp)
    }

    fn notation(self) -> Notation {
        match self {
            Self::CpuPerDelivery
            | Self::LatencyHalf
            | Self::LatencyMost
            | Self::LatencyHalfBefore
            | Self::LatencyMostBefore => Notation::Microseconds,
            Self::Deliveries
            | Self::Lost
            | Self::Doubled
            | Self::Reordered
            | Self::Gaps
            | Self::Connections
            | Self::ConnectsPerSecond
            | Self::JoinsPerSecond
            | Self::SlowHungUp
            | Self::HungUp => Notation::Count,
            Self::Rss
            | Self::Pss
            | Self::RssAlone
            | Self::PssAlone
            | Self::RssGrowth
            | Self::RssPerConnection
            | Self::PssPerConnection => Notation::Bytes,
            Self::IdleUse | Self::ServerUse | Self::GeneratorUse => Notation::Percent,
        }
    }

    /// A number of it, as people read it.
    pub(crate) fn written(self, number: f64) -> String {
        let kibibytes = number / 1024.0;
        match self.notation() {
            Notation::Microseconds if number < 100.0 => format!("{number:.2} µs"),
            Notation::Microseconds if number < 1_000.0 => format!("{number:.0} µs"),
            Notation::Microseconds if number < 1_000_000.0 => format!("{:.2} ms", number / 1e3),
            Notation::Microseconds => format!("{:.2} s", number / 1e6),
            Notation::Count => grouped(number),
            Notation::Bytes if kibibytes.abs() < 1024.0 => format!("{kibibytes:.1} KiB"),
            Notation::Bytes => format!("{:.1} MiB", kibibytes / 1024.0),
            Notation::Percent => format!("{number:.1} %"),
        }
    }
}

/// Whole, with commas between thousands.
fn grouped(number: f64) -> String {
    let digits = format!("{:.0}", number.abs());
    let mut grouped = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at) % 3 == 0 {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    if number <= -0.5 { format!("-{grouped}") } else { grouped }
}

/// One reading of several rounds.
pub(crate) fn settle(rounds: &[Reading]) -> Reading {
    let mut settled = Reading::new();
    for figure in rounds.iter().flat_map(Reading::keys).copied() {
        let mut numbers: Vec<f64> =
            rounds.iter().filter_map(|round| round.get(&figure)).copied().collect();
        numbers.sort_by(f64::total_cmp);
        let found = if figure.is_fault() { numbers.last().copied() } else { median(&numbers) };
        if let Some(number) = found {
            settled.insert(figure, number);
        }
    }
    settled
}

fn median(sorted: &[f64]) -> Option<f64> {
    let middle = sorted.len() / 2;
    let high = *sorted.get(middle)?;
    if sorted.len() % 2 == 1 {
        return Some(high);
    }
    sorted.get(middle.checked_sub(1)?).map(|low| f64::midpoint(*low, high))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rounds_become_a_median_and_faults_the_worst() {
        let round = |rss: f64, lost: f64| Reading::from([(Figure::Rss, rss), (Figure::Lost, lost)]);
        let rounds = [round(3.0, 0.0), round(1.0, 7.0), round(2.0, 0.0)];
        assert_eq!(settle(&rounds), round(2.0, 7.0));
        assert_eq!(settle(&rounds[..2]), round(2.0, 7.0));
        assert_eq!(settle(&[]), Reading::new());
    }

    #[test]
    fn numbers_are_written_for_people() {
        let check = |figure: Figure, number: f64, written: &str| {
            assert_eq!(figure.written(number), written);
        };
        check(Figure::CpuPerDelivery, 3.456, "3.46 µs");
        check(Figure::LatencyMost, 1_500.0, "1.50 ms");
        check(Figure::LatencyMost, 2_500_000.0, "2.50 s");
        check(Figure::Deliveries, 1_234_567.8, "1,234,568");
        check(Figure::Lost, 0.0, "0");
        check(Figure::RssPerConnection, 4_608.0, "4.5 KiB");
        check(Figure::Rss, 3.0 * 1024.0 * 1024.0, "3.0 MiB");
        check(Figure::IdleUse, 0.25, "0.2 %");
    }
}

//! The kinds of machine a release is for, and what each is called by whom. Must not know how anything
//! is built.

/// A kind of machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum Target {
    /// Servers and desktops.
    #[value(name = "x86_64", alias = "x86_64-unknown-linux-musl")]
    X86_64,
    /// Raspberry Pi 3, 4 and 5 with a 64-bit system.
    #[value(name = "aarch64", alias = "aarch64-unknown-linux-musl")]
    Aarch64,
    /// Raspberry Pi 2, 3 and 4 with a 32-bit system.
    #[value(name = "armv7", alias = "armv7-unknown-linux-musleabihf")]
    Armv7,
    /// Raspberry Pi 1 and Zero.
    #[value(name = "armv6", alias = "arm-unknown-linux-musleabihf")]
    Armv6,
}

impl Target {
    /// All of them.
    pub(super) const ALL: [Self; 4] = [Self::X86_64, Self::Aarch64, Self::Armv7, Self::Armv6];

    /// What rustc calls it.
    pub(super) const fn triple(self) -> &'static str {
        match self {
            Self::X86_64 => "x86_64-unknown-linux-musl",
            Self::Aarch64 => "aarch64-unknown-linux-musl",
            Self::Armv7 => "armv7-unknown-linux-musleabihf",
            Self::Armv6 => "arm-unknown-linux-musleabihf",
        }
    }

    /// What people call it.
    pub(super) const fn short(self) -> &'static str {
        match self {
            Self::X86_64 => "x86_64",
            Self::Aarch64 => "aarch64",
            Self::Armv7 => "armv7",
            Self::Armv6 => "armv6",
        }
    }

    /// The emulator that runs it on x86_64, and the oldest processor it is for.
    pub(super) const fn emulator(self) -> Option<(&'static str, &'static str)> {
        match self {
            Self::X86_64 => None,
            Self::Aarch64 => Some(("qemu-aarch64", "cortex-a53")),
            Self::Armv7 => Some(("qemu-arm", "cortex-a7")),
            Self::Armv6 => Some(("qemu-arm", "arm1176")),
        }
    }
}

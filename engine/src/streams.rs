//! The gateway and the console without their listeners: a conversation over whatever carries bytes, as
//! those that were accepted have it. For whoever hands them arbitrary bytes; it must not know any rule
//! of theirs.

use std::sync::Arc;

use tokio::io::{AsyncRead, AsyncWrite};

use crate::gateway::Gate;
use crate::{Tree, console, gateway};

/// Answers an operator until the stream ends, whoever ends it.
pub async fn operate(stream: impl AsyncRead + AsyncWrite, tree: &Tree) {
    let (read, write) = tokio::io::split(stream);
    console::converse_over(read, write, tree.clone()).await;
}

/// A gateway with no listener of its own, and no rules but the default ones.
#[derive(Clone, Debug)]
pub struct Entrance {
    gate: Arc<Gate>,
}

impl Entrance {
    /// The way into this tree.
    pub fn to(tree: &Tree) -> Self {
        Self { gate: Arc::new(Gate::new(tree.clone(), gateway::Rules::default())) }
    }

    /// Serves whoever is at the other end, as somebody from this machine. What became a WebSocket is
    /// carried on after this has ended, until that ends too.
    pub async fn serve<S>(&self, stream: S)
    where
        S: AsyncRead + AsyncWrite + Send + Unpin + 'static,
    {
        gateway::serve_local(stream, &self.gate).await;
    }
}

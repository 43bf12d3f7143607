// The peer everybody knows: Bun's own WebSocket server with its own topics. Every binary message goes
// to all in the room it was sent in, its sender included.
//
// Of what it offers for speed everything is on that the others have too: no compression, the topic's
// fan-out inside the runtime, one process.

// What may wait for one connection. Past this Bun would drop messages without a word; the bare peers
// hang up at the same number.
const waitingBytesMax = 16 * 1024 * 1024;

// The longest message a room takes, and room to spare.
const messageBytesMax = 256 * 1024;

// The longest that Bun allows, so that no ping is due while quiet connections are looked at.
const idleSecondsMax = 960;

const server = Bun.serve({
  hostname: "127.0.0.1",
  port: 0,
  fetch(request, server) {
    const room = new URL(request.url).pathname;
    if (room.startsWith("/room/") && server.upgrade(request, { data: { room } })) {
      return undefined;
    }
    return new Response("A room is reached over a WebSocket.\n", { status: 426 });
  },
  websocket: {
    perMessageDeflate: false,
    publishToSelf: true,
    backpressureLimit: waitingBytesMax,
    closeOnBackpressureLimit: true,
    maxPayloadLength: messageBytesMax,
    idleTimeout: idleSecondsMax,
    open(socket) {
      socket.subscribe(socket.data.room);
    },
    message(socket, message) {
      socket.publish(socket.data.room, message);
    },
  },
});

console.log(`Bun ${Bun.version} is open at http://127.0.0.1:${server.port}/`);

import WebSocket from 'ws';

/** A turn is long enough to cost nothing and short enough (a few ms of frames) for everybody else to be heard. */
const FRAMES_PER_TURN = 256;

/**
 * Lets a flooding socket take turns with all others. Node reads up to 2 MiB of one socket before it looks at the next, so
 * in a burst the database's answers would wait for thousands of frames, and commits with them. Call it for each frame;
 * `mayRead` says whether the socket may go on when its next turn comes.
 */
export function turnTaking(socket: WebSocket, mayRead: () => boolean = () => true): () => void {
  let heard = 0;
  return () => {
    if (++heard < FRAMES_PER_TURN) return;
    heard = 0;
    if (socket.isPaused || socket.readyState !== WebSocket.OPEN) return;
    socket.pause();
    setImmediate(() => {
      if (mayRead()) socket.resume();
    });
  };
}

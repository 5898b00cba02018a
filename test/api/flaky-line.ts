import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** A line to a server that can be cut, or go silent as a network does that went away without a word. */
export class FlakyLine {
  readonly #sockets = new Set<Socket>();
  #state: 'whole' | 'cut' | 'silent' = 'whole';

  private constructor(
    private readonly server: Server,
    readonly url: string,
    /** Where it leads: may be set anew, for a server that came back elsewhere. */
    public target: string,
  ) {}

  static async to(target: string): Promise<FlakyLine> {
    const server = createServer({ noDelay: true });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const line = new FlakyLine(server, `http://127.0.0.1:${(server.address() as AddressInfo).port}`, target);
    server.on('connection', (near) => line.#join(near));
    return line;
  }

  /** Ends every connection and refuses new ones. */
  cut(): void {
    this.#state = 'cut';
    for (const socket of this.#sockets) socket.destroy();
  }

  /** Nothing passes either way any more, and nobody is told. */
  silence(): void {
    this.#state = 'silent';
    for (const socket of this.#sockets) socket.unpipe().pause();
  }

  mend(): void {
    this.#state = 'whole';
    for (const socket of this.#sockets) if (socket.isPaused()) socket.destroy();
  }

  async stop(): Promise<void> {
    this.cut();
    this.server.close();
    await once(this.server, 'close');
  }

  #join(near: Socket): void {
    if (this.#state === 'cut') {
      near.destroy();
      return;
    }
    const ends = [near];
    if (this.#state === 'silent') near.pause();
    else {
      const far = connect(Number(new URL(this.target).port), '127.0.0.1');
      near.pipe(far);
      far.pipe(near);
      ends.push(far);
    }
    for (const socket of ends) {
      this.#sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        this.#sockets.delete(socket);
        for (const other of ends) other.destroy();
      });
    }
  }
}

/** What the desk knows of its network: asked when somebody looks, and kept up by the server's own word. */
import type { NetworkStatus } from '../../protocol/network.ts';
import type { MostradorClient } from './types.ts';
import { Watched } from './watched.ts';

export interface NetworkState {
  /** `null` until the server has answered once. */
  status: NetworkStatus | null;
  /** `checking`: the server asks itself on each of its addresses. */
  load: 'idle' | 'checking' | 'failed';
}

/** What joins the Wi-Fi: its name, and the text of the QR. */
export interface JoinWifi {
  ssid: string;
  text: string;
}

export class NetworkStore extends Watched<NetworkState> {
  readonly #client: MostradorClient;

  constructor(client: MostradorClient) {
    super({ status: null, load: 'idle' });
    this.#client = client;
  }

  /** Listens; what it returns stops that. The connection is somebody else's to open. */
  start(): () => void {
    const off = [
      this.#client.on('connected', () => void this.check()),
      this.#client.on('network_status', status => this.show({ ...this.getSnapshot(), status })),
    ];
    return () => {
      for (const stop of off) stop();
    };
  }

  /** Has every address asked again. What was known stays where that fails. */
  async check(): Promise<void> {
    if (this.getSnapshot().load === 'checking') return;
    this.show({ ...this.getSnapshot(), load: 'checking' });
    try {
      this.show({ status: await this.#client.send('network', 'status', {}), load: 'idle' });
    } catch {
      this.show({ ...this.getSnapshot(), load: 'failed' });
    }
  }

  /** By an interface's name or one of its addresses; `null`: the best one. Rejects with a RequestError. */
  async choose(chosen: string | null): Promise<void> {
    const status = await this.#client.send('network', 'choose', { interface: chosen });
    this.show({ ...this.getSnapshot(), status });
  }

  /** `null` where no Wi-Fi is set. Rejects with a RequestError. */
  async wifi(): Promise<JoinWifi | null> {
    return (await this.#client.send('network', 'wifi', {})).wifi;
  }
}

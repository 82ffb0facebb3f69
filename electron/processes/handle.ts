/** A process of our own beside the server's, whichever of the two ways it is started: Node's or Electron's. */
export interface WorkerHandle {
  /** Plain data and bytes, which are copied. */
  post(message: object): void;
  onMessage(listener: (message: unknown) => void): void;
  /** Called once, after the process has ended or could not be started. */
  onExit(listener: () => void): void;
  /** At once, without asking. */
  kill(): void;
}

export type ForkWorker = () => WorkerHandle;

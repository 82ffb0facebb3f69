/** The process that started this one, whichever of the two ways it did. */

export interface Parent {
  send(message: unknown): void;
  onMessage(listener: (message: unknown) => void): void;
  /** The parent has ended or let go of this process. */
  onGone(listener: () => void): void;
}

/** `null` when nobody started this process to talk to it. */
export function findParent(): Parent | null {
  return electronParent() ?? nodeParent();
}

interface Port {
  postMessage(message: unknown): void;
  on(event: string, listener: (event: { data: unknown }) => void): void;
}

function isPort(value: unknown): value is Port {
  return typeof value === 'object' && value !== null && 'postMessage' in value && 'on' in value;
}

/** Electron's `utilityProcess.fork`. Chromium itself ends such a process when its parent goes. */
function electronParent(): Parent | null {
  const port: unknown = Reflect.get(process, 'parentPort');
  if (!isPort(port)) return null;
  return {
    send: message => port.postMessage(message),
    onMessage: listener => port.on('message', event => listener(event.data)),
    onGone: listener => port.on('close', () => listener()),
  };
}

/** Node's `child_process.fork`. */
function nodeParent(): Parent | null {
  if (!process.send) return null;
  return {
    // The callback takes the error of a parent that has just gone; `onGone` is told as well.
    send: message => process.send?.(message, () => {}),
    onMessage: listener => process.on('message', listener),
    onGone: listener => process.once('disconnect', listener),
  };
}

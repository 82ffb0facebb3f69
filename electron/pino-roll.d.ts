declare module 'pino-roll' {
  import type { SonicBoom, SonicBoomOpts } from 'sonic-boom';
  /** Opens the file with the highest number, or a new one, and goes on to the next at `size`. */
  export default function roll(
    options: SonicBoomOpts & {
      file: string;
      extension?: string;
      size?: string;
      limit?: { count: number; removeOtherLogFiles?: boolean };
    },
  ): Promise<SonicBoom>;
}

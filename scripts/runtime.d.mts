export function installedRuntime(): string | null;
export function downloadRuntime(options: {
  memory: string;
  stallMs?: number;
  onBegin?(): void;
  onProgress(done: number, total: number | null): void;
}): Promise<{ ok: true } | { ok: false; why: string; remembered: boolean }>;
export function unpackRuntime(): boolean;

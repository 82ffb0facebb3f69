/** How far something that is fetched has come. */
export type Load = { status: 'loading' } | { status: 'ready' } | { status: 'failed'; message: string };
export const loading: Load = { status: 'loading' };
export const ready: Load = { status: 'ready' };

export function failed(error: unknown): Load {
  return { status: 'failed', message: error instanceof Error ? error.message : String(error) };
}

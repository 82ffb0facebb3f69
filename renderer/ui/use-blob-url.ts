import { useEffect, useState } from 'react';
import type { Result } from '../../protocol/errors.ts';

/** Fetches an image that only a token opens; `version` tells two pictures at one path apart. */
export type LoadBlob = (path: string, signal: AbortSignal, version?: string) => Promise<Result<Blob>>;

export type BlobUrl = { state: 'loading' } | { state: 'failed' } | { state: 'shown'; url: string };

/**
 * An object URL for what is at `path`, revoked when it is replaced or no longer drawn. A new `version` fetches it again, and
 * until that is there the old picture stays.
 */
export function useBlobUrl(path: string | null, version: string, load: LoadBlob): BlobUrl {
  const [shown, setShown] = useState<{ path: string; image: BlobUrl } | null>(null);

  useEffect(() => {
    if (path === null) return;
    const abort = new AbortController();
    void load(path, abort.signal, version).then(answer => {
      if (abort.signal.aborted) return;
      const image: BlobUrl = answer.ok
        ? { state: 'shown', url: URL.createObjectURL(answer.value) }
        : { state: 'failed' };
      setShown(before =>
        image.state === 'failed' && before?.path === path && before.image.state === 'shown' ? before : { path, image },
      );
    });
    return () => abort.abort();
  }, [path, version, load]);

  const url = shown?.image.state === 'shown' ? shown.image.url : null;
  useEffect(() => () => void (url && URL.revokeObjectURL(url)), [url]);

  return shown && shown.path === path ? shown.image : { state: 'loading' };
}

/** @jsxImportSource preact */
import { useObjectUrl } from '../use-object-url.ts';

export function Preview({ blob, label }: { blob: Blob; label: string }) {
  const url = useObjectUrl(blob);
  return <div class="preview">{url && <img src={url} alt={label} />}</div>;
}

/**
 * The rows of photos that are in sight, of however many. They flow in a grid that begins where the first of them belongs;
 * the one that the keyboard is on stays drawn when it is scrolled away, with its neighbours, so that nobody falls out of the list.
 */
import { useElementSize, useMergedRef } from '@mantine/hooks';
import { useVirtualizer } from '@tanstack/react-virtual';
import {
  type CSSProperties,
  type FocusEvent,
  type KeyboardEvent,
  useCallback,
  useEffect,
  useRef,
  useState,
} from 'react';
import type { Person } from '../client/desk-state.ts';
import { type PhotoActions, PhotoCard } from './photo-card.tsx';
import styles from './photo-grid.module.css';
import { UploadCard } from './upload-card.tsx';
import type { LoadBlob } from './use-blob-url.ts';

/** Pixels: how narrow a card may get, and between two. */
const narrowest = 232;
const gap = 16;
/** What a card has besides its picture, of 4 by 3. */
const words = 118;
/** As photo-card.module.css has it: the least height of a picture, and what the scroller, with its padding, needs besides one. */
const lowest = 96;
const besides = 218;
/** Above the first row, as the scroller's padding has it. */
const edge = 20;
/** Rows drawn on each side of what is in sight. */
const beyond = 2;

interface Props extends PhotoActions {
  person: Person;
  load: LoadBlob;
  scroller: HTMLElement | null;
  /** The end of what is here has come in sight. */
  onEnd: () => void;
}

export function PhotoRows({ person, load, scroller, onEnd, ...actions }: Props) {
  const { photos, uploads, more } = person;
  const [newestAtFirst] = useState(() => photos[0]?.received_at ?? '');
  const [held, setHeld] = useState<string | null>(null);
  const toFocus = useRef<number | null>(null);
  const list = useRef<HTMLUListElement>(null);
  const { ref: sizeOf, width } = useElementSize<HTMLUListElement>();
  const ref = useMergedRef(sizeOf, list);

  const columns = Math.max(1, Math.floor((width + gap) / (narrowest + gap)));
  const cardWidth = (width - gap * (columns - 1)) / columns;
  const count = uploads.length + photos.length;
  // Another width makes other rows: what was measured before does not count for them.
  const getItemKey = useCallback((row: number) => `${columns} ${Math.round(width)} ${row}`, [columns, width]);
  const rows = useVirtualizer<HTMLElement, HTMLLIElement>({
    count: width > 0 ? Math.ceil(count / columns) : 0,
    getScrollElement: () => scroller,
    estimateSize: () => pictureHeight() + words,
    gap,
    overscan: beyond,
    getItemKey,
    indexAttribute: 'data-row',
    scrollMargin: edge,
    // Not within the step of scrolling that brings a row into reach: it is drawn right after, some way before it is in sight.
    useFlushSync: false,
  });
  const drawn = rows.getVirtualItems();
  const [first, last] = [(drawn[0]?.index ?? 0) * columns, ((drawn.at(-1)?.index ?? -1) + 1) * columns];

  const atEnd = last >= count && width > 0;
  const ready = person.load.status === 'ready';
  useEffect(() => {
    if (atEnd && more && ready) onEnd();
  }, [atEnd, more, ready, onEnd]);

  const heldPhoto = held === null ? -1 : photos.findIndex(photo => photo.id === held);
  const heldAt = heldPhoto < 0 ? -1 : uploads.length + heldPhoto;
  const shown: number[] = [];
  for (let index = first; index < Math.min(last, count); index += 1) shown.push(index);
  const around = heldAt < 0 ? [] : [heldAt - 1, heldAt, heldAt + 1].filter(i => i >= 0 && i < count);
  const outside = around.filter(index => index < first || index >= last);
  const indices = [...outside.filter(i => i < first), ...shown, ...outside.filter(i => i >= last)];

  useEffect(() => {
    if (toFocus.current === null) return;
    const card = list.current?.querySelector<HTMLElement>(`[data-index="${toFocus.current}"]`);
    if (!card) return;
    toFocus.current = null;
    (card.querySelector<HTMLElement>('[data-open]') ?? card).focus({ preventScroll: true });
  });

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !(event.target instanceof HTMLButtonElement)) return;
    const card = event.target.closest<HTMLElement>('[data-index]');
    if (!card || !list.current?.contains(card)) return;
    const page = Math.max(1, Math.floor((scroller?.clientHeight ?? 0) / (cardWidth + words))) * columns;
    const steps: Record<string, number> = {
      ArrowLeft: -1,
      ArrowRight: 1,
      ArrowUp: -columns,
      ArrowDown: columns,
      PageUp: -page,
      PageDown: page,
      Home: -count,
      End: count,
    };
    const step = steps[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const from = Number(card.dataset.index);
    const to = Math.min(count - 1, Math.max(uploads.length, from + step));
    toFocus.current = to;
    setHeld(photos[to - uploads.length]?.id ?? null);
    rows.scrollToIndex(Math.floor(to / columns), { align: 'auto' });
  };

  // It stays held when the focus goes on to a form that belongs to it, or to the viewer: that is where it comes back to.
  const onFocus = ({ target }: FocusEvent) => {
    const card = target.closest<HTMLElement>('[data-photo-id]');
    if (card && list.current?.contains(card)) setHeld(card.dataset.photoId ?? null);
  };

  const style: CSSProperties = {
    gridTemplateColumns: `repeat(${columns}, minmax(0, 1fr))`,
    blockSize: rows.getTotalSize(),
    paddingBlockStart: (drawn[0]?.start ?? edge) - edge,
  };
  return (
    <ul ref={ref} className={styles.grid} style={style} onFocus={onFocus} onKeyDown={onKeyDown}>
      {indices.map(index => {
        const apart = index < first || index >= last;
        // The first of a row has its height: all of them are as high as the highest.
        const measured = !apart && index % columns === 0;
        const place = {
          index,
          count,
          // All of a row carry its number: one that was the first, and is not any more, goes on being watched for its height.
          row: Math.floor(index / columns),
          ref: measured ? rows.measureElement : undefined,
        };
        const upload = uploads[index];
        if (upload) return <UploadCard key={upload.photo_id} upload={upload} {...place} />;
        const photo = photos[index - uploads.length];
        if (!photo) return null;
        const fresh = index < columns && photo.received_at > newestAtFirst;
        const style = apart ? outOfSight(index) : undefined;
        return (
          <PhotoCard key={photo.id} photo={photo} load={load} fresh={fresh} style={style} {...place} {...actions} />
        );
      })}
    </ul>
  );

  function pictureHeight(): number {
    const most = scroller ? Math.max(lowest, scroller.clientHeight - besides) : Number.POSITIVE_INFINITY;
    return Math.min((cardWidth * 3) / 4, most);
  }

  function outOfSight(index: number): CSSProperties {
    const row = rows.measurementsCache[Math.floor(index / columns)];
    return {
      position: 'absolute',
      insetBlockStart: (row?.start ?? edge) - edge,
      insetInlineStart: (index % columns) * (cardWidth + gap),
      inlineSize: cardWidth,
      blockSize: row?.size,
    };
  }
}

import { Button } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useLayoutEffect, useRef } from 'react';
import type { Activity } from '../../protocol/activity.ts';
import type { Log } from '../client/desk-log.ts';
import { ActivityLine } from './activity-line.tsx';
import styles from './activity-list.module.css';
import { useTexts } from './texts/use-texts.tsx';

/** As in activity-list.module.css: where one line has no room for a sentence it takes several. */
const rowHeights = { wide: 34, narrow: 84 };

interface Props {
  /** In the order in which they are shown. */
  lines: readonly Activity[];
  sentenceOf: (line: Activity) => string;
  label: string;
  older: Log['older'];
  onOlder: () => void;
}

/** Draws only the rows in sight, however many there are. Scrolling on, one reads back; the line that is read stays in its place. */
export function ActivityList({ lines, sentenceOf, label, older, onOlder }: Props) {
  const { t } = useTexts();
  const rowHeight = rowHeights[useMediaQuery('(max-width: 600px)') ? 'narrow' : 'wide'];
  const scroller = useRef<HTMLDivElement>(null);
  /** The uppermost line in sight; `null` at the top, where the newest come in. */
  const read = useRef<{ id: string; offset: number } | null>(null);
  useLayoutEffect(() => {
    const { current } = scroller;
    if (!current || !read.current) return;
    const { id, offset } = read.current;
    const index = lines.findIndex(line => line.id === id);
    current.scrollTop = index < 0 ? 0 : index * rowHeight + offset;
  }, [lines, rowHeight]);
  const scrolled = ({ scrollTop, scrollHeight, clientHeight }: HTMLElement) => {
    const line = lines[Math.floor(scrollTop / rowHeight)];
    read.current = line && scrollTop >= rowHeight ? { id: line.id, offset: scrollTop % rowHeight } : null;
    const nearEnd = scrollHeight - scrollTop - clientHeight < clientHeight;
    if (nearEnd && older.more && older.load.status === 'ready') onOlder();
  };
  const rows = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    getItemKey: index => lines[index]?.id ?? index,
    overscan: 12,
    // As in photo-rows.tsx.
    useFlushSync: false,
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: another height is the reason
  useLayoutEffect(() => rows.measure(), [rowHeight]);
  return (
    <div
      ref={scroller}
      className={styles.scroller}
      data-testid="activity-list"
      onScroll={event => scrolled(event.currentTarget)}
    >
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by the keyboard */}
      <ol className={styles.rows} style={{ blockSize: rows.getTotalSize() }} tabIndex={0} aria-label={label}>
        {rows.getVirtualItems().map(row => {
          const line = lines[row.index];
          if (!line) return null;
          return (
            <ActivityLine
              key={row.key}
              line={line}
              sentenceOf={sentenceOf}
              position={row.index + 1}
              count={older.more ? -1 : lines.length}
              top={row.start}
            />
          );
        })}
      </ol>
      <div className={styles.end} role="status">
        {older.load.status === 'failed' && t('activity.olderFailed')}
        {older.load.status === 'loading' && t('activity.searching')}
        {older.load.status === 'ready' && !older.more && t('activity.oldest')}
        {older.load.status !== 'loading' && older.more && (
          <Button variant="subtle" data-testid="activity-older" onClick={onOlder}>
            {t('activity.older')}
          </Button>
        )}
      </div>
    </div>
  );
}

import { ActionIcon, Button, VisuallyHidden } from '@mantine/core';
import { IconArrowDown, IconArrowUp, IconPlus, IconTrash } from '@tabler/icons-react';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { useTexts } from '../texts/use-texts.tsx';
import styles from './ordered-list.module.css';

interface Props<T> {
  /** Named for a person who cannot see it. */
  label: string;
  items: readonly T[];
  blank: T;
  most: number;
  add: string;
  disabled: boolean;
  /** What is moved or taken away, for the buttons' names: "Rostro". */
  nameOf: (item: T, index: number) => string;
  onChange: (items: T[]) => void;
  children: (item: T, index: number, change: (item: T) => void) => ReactNode;
}

/** Where the keyboard goes once the list is drawn anew. */
type Focus = { id: number; on: 'up' | 'down' | 'remove' | 'field' } | 'add' | null;

/** A list to add to, take from and reorder by buttons; the keyboard stays with what was moved. */
export function OrderedList<T>({ label, items, blank, most, add, disabled, nameOf, onChange, children }: Props<T>) {
  const { t } = useTexts();
  const list = useRef<HTMLDivElement>(null);
  const focus = useRef<Focus>(null);
  const count = useRef(0);
  const fresh = () => {
    count.current += 1;
    return count.current;
  };
  const [kept, setKept] = useState<number[]>([]);
  const [said, setSaid] = useState('');
  // Rows are told apart by these while they move; a list that came from elsewhere begins anew.
  const ids = kept.length === items.length ? kept : items.map((_, index) => -1 - index);

  useEffect(() => {
    const wanted = focus.current;
    focus.current = null;
    if (wanted === null) return;
    if (wanted === 'add') return list.current?.querySelector<HTMLElement>(':scope > [data-add]')?.focus();
    const row = list.current?.querySelector(`:scope > ol > [data-row="${wanted.id}"]`);
    // A list within a row has buttons of its own.
    const button = (on: string) => row?.querySelector<HTMLElement>(`:scope > div > [data-on="${on}"]:not(:disabled)`);
    if (wanted.on === 'field') row?.querySelector<HTMLElement>('input, textarea')?.focus();
    else (button(wanted.on) ?? button(wanted.on === 'up' ? 'down' : 'up'))?.focus();
  });

  const give = (next: readonly { item: T; id: number }[]) => {
    setKept(next.map(({ id }) => id));
    onChange(next.map(({ item }) => item));
  };
  const rows = items.map((item, index) => ({ item, id: ids[index] ?? 0 }));
  const move = (from: number, to: number, on: 'up' | 'down') => {
    const next = rows.filter((_, index) => index !== from);
    const row = rows[from];
    if (!row) return;
    next.splice(to, 0, row);
    focus.current = { id: row.id, on };
    setSaid(t('settings.list.moved', { name: nameOf(row.item, to), place: to + 1 }));
    give(next);
  };
  const remove = (at: number) => {
    const neighbour = rows[at + 1] ?? rows[at - 1];
    focus.current = neighbour ? { id: neighbour.id, on: 'remove' } : 'add';
    setSaid(t('settings.list.removed'));
    give(rows.filter((_, index) => index !== at));
  };
  const append = () => {
    const id = fresh();
    focus.current = { id, on: 'field' };
    give([...rows, { item: blank, id }]);
  };

  return (
    <div ref={list} className={styles.list}>
      <ol className={styles.rows} aria-label={label}>
        {rows.map(({ item, id }, index) => {
          const name = nameOf(item, index);
          return (
            <li key={id} className={styles.row} data-row={id}>
              <div className={styles.item}>
                {children(item, index, changed => onChange(items.map((one, at) => (at === index ? changed : one))))}
              </div>
              <div className={styles.buttons}>
                <ActionIcon
                  variant="subtle"
                  color="gray"
                  data-on="up"
                  disabled={disabled || index === 0}
                  aria-label={t('settings.list.up', { name })}
                  onClick={() => move(index, index - 1, 'up')}
                >
                  <IconArrowUp size={20} aria-hidden />
                </ActionIcon>
                <ActionIcon
                  variant="subtle"
                  color="gray"
                  data-on="down"
                  disabled={disabled || index === items.length - 1}
                  aria-label={t('settings.list.down', { name })}
                  onClick={() => move(index, index + 1, 'down')}
                >
                  <IconArrowDown size={20} aria-hidden />
                </ActionIcon>
                <ActionIcon
                  variant="subtle"
                  color="red"
                  data-on="remove"
                  disabled={disabled}
                  aria-label={t('settings.list.remove', { name })}
                  onClick={() => remove(index)}
                >
                  <IconTrash size={20} aria-hidden />
                </ActionIcon>
              </div>
            </li>
          );
        })}
      </ol>
      <Button
        variant="default"
        className={styles.add}
        data-add
        leftSection={<IconPlus size={18} aria-hidden />}
        disabled={disabled || items.length >= most}
        onClick={append}
      >
        {add}
      </Button>
      <VisuallyHidden component="p" role="status">
        {said}
      </VisuallyHidden>
    </div>
  );
}

import { Tabs, VisuallyHidden } from '@mantine/core';
import { useElementSize } from '@mantine/hooks';
import { IconClock, IconMessage } from '@tabler/icons-react';
import { type ReactNode, useEffect, useRef } from 'react';
import type { Photo } from '../../protocol/photo.ts';
import type { Person } from '../client/desk-state.ts';
import styles from './person-tabs.module.css';
import { lookOf, SessionState } from './session-state.tsx';
import { useTexts } from './texts/use-texts.tsx';

interface Props {
  people: readonly Person[];
  viewed: string | null;
  /** Who may be shown now; the others stand there without a name and cannot be opened. */
  isShown: (person: Person) => boolean;
  nameOf: (person: Person) => string;
  /** Unread messages of the chat. */
  messagesOf: (person: Person) => number;
  onView: (key: string) => void;
  /** Beside the tabs, for all of them. */
  tools: ReactNode;
  children: ReactNode;
}

export function PersonTabs({ people, viewed, isShown, nameOf, messagesOf, onView, tools, children }: Props) {
  const { t } = useTexts();
  const list = useRef<HTMLDivElement>(null);
  const { ref: place, width } = useElementSize<HTMLDivElement>();
  // biome-ignore lint/correctness/useExhaustiveDependencies: another tab is the reason to look for it, and less room
  useEffect(() => {
    list.current?.querySelector('[data-active]')?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }, [viewed, people.length, width]);
  return (
    <Tabs
      className={styles.tabs}
      classNames={{ tabLabel: styles.label ?? '' }}
      variant="none"
      value={viewed === null ? null : tabOf(viewed)}
      onChange={tab => {
        const person = people.find(one => tabOf(one.key) === tab);
        if (person) onView(person.key);
      }}
      keepMounted={false}
    >
      <div ref={place} className={styles.head}>
        <Tabs.List ref={list} className={styles.list} aria-label={t('photos.tabs')}>
          {people.map(person => {
            const shown = isShown(person);
            return (
              <Tabs.Tab
                key={person.key}
                value={tabOf(person.key)}
                className={styles.tab}
                data-testid="person-tab"
                data-person={shown ? person.key : undefined}
                disabled={!shown}
                rightSection={<Unread photos={person.unread} messages={messagesOf(person)} />}
              >
                <span className={styles.name} title={nameOf(person)}>
                  {nameOf(person)}
                </span>
                <span className={styles.states}>
                  <SessionState look={shown ? lookOf(person.session) : 'hidden'} />
                  {shown && <ToReview photos={person.photos} />}
                </span>
              </Tabs.Tab>
            );
          })}
        </Tabs.List>
        {tools}
      </div>
      {viewed !== null && (
        <Tabs.Panel value={tabOf(viewed)} className={styles.panel}>
          {children}
        </Tabs.Panel>
      )}
    </Tabs>
  );
}

/** Photos and messages apart: one is looked at, the other answered. */
function Unread({ photos, messages }: { photos: number; messages: number }) {
  const { t } = useTexts();
  return (
    <span className={styles.news}>
      {photos > 0 && (
        <span className={styles.unread} data-testid="unread">
          <span aria-hidden="true">{photos}</span>
          <VisuallyHidden>{t('photos.unread', { count: photos })}</VisuallyHidden>
        </span>
      )}
      {messages > 0 && (
        <span className={styles.unread} data-testid="unread-messages">
          <IconMessage size={14} stroke={2.4} aria-hidden />
          <span aria-hidden="true">{messages}</span>
          <VisuallyHidden>{t('chat.unread', { count: messages })}</VisuallyHidden>
        </span>
      )}
    </span>
  );
}

/** Looked at or not: as long as there is no verdict the visitor waits for one. */
function ToReview({ photos }: { photos: readonly Photo[] }) {
  const { t } = useTexts();
  const count = photos.filter(({ status }) => status === 'received').length;
  if (count === 0) return null;
  return (
    <span className={styles.toReview} data-testid="to-review">
      <IconClock size={15} stroke={2.2} aria-hidden />
      {t('people.toReview', { count })}
    </span>
  );
}

/** It becomes part of an id, in which there are no spaces. */
function tabOf(key: string): string {
  return key.replaceAll('%', '%25').replaceAll(' ', '%20');
}

import { type Icon, IconCircleCheck, IconCircleDashed, IconCircleX } from '@tabler/icons-react';
import type { TFunction } from 'i18next';
import type { Overview, Summary } from '../../../protocol/dashboard.ts';
import { useTexts } from '../texts/use-texts.tsx';
import { age, diskSize } from './measures.ts';
import styles from './server-state.module.css';

interface Props {
  summary: Summary;
  mysql: Overview['mysql'] | null;
  version: string;
}

type State = 'good' | 'bad' | 'off';
const icons: Record<State, Icon> = { good: IconCircleCheck, bad: IconCircleX, off: IconCircleDashed };

interface Line {
  key: string;
  name: string;
  state: State;
  word: string;
  note: string;
}

/** What the server leans on, each as icon, word and colour; and how the server itself is. */
export function ServerState({ summary, mysql, version }: Props) {
  const { t, i18n } = useTexts();
  const { stats } = summary;
  const server = {
    key: 'server',
    name: t('dashboard.server'),
    state: 'good',
    word: t('dashboard.serverUp', { age: age(stats.uptime_s, t) }),
    note: t('dashboard.version', { version }),
  } as const;
  return (
    <div className={styles.state}>
      <ul className={styles.list} data-testid="server-state">
        {[server, ...machines(summary, mysql, t)].map(({ key, name, state, word, note }) => {
          const Picture = icons[state];
          return (
            <li key={key} className={styles.line} data-part={key} data-state={state}>
              <Picture size={22} aria-hidden className={styles.icon} />
              <span className={styles.name}>{name}</span>
              <span className={styles.word}>{word}</span>
              <span className={styles.note}>{note}</span>
            </li>
          );
        })}
      </ul>
      <p className={styles.note} data-testid="memory">
        {t('dashboard.memory')}:{' '}
        {t('dashboard.memoryOf', {
          rss: diskSize(stats.memory.rss, i18n.language),
          heap: diskSize(stats.memory.heap_used, i18n.language),
        })}
        . {t('dashboard.meanConnection', { age: age(stats.mean_connection_s, t) })}.
      </p>
    </div>
  );
}

function machines({ api }: Summary, mysql: Props['mysql'], t: TFunction): Line[] {
  const { django, database } = api;
  const up = (isUp: boolean, word: string = t('dashboard.answers')) =>
    isUp
      ? ({ state: 'good', word, note: '' } as const)
      : ({ state: 'bad', word: t('dashboard.away'), note: '' } as const);
  const off = (note: string) => ({ state: 'off', word: t('dashboard.notUsed'), note }) as const;
  const inMs = django.latency_ms === null ? undefined : t('dashboard.answersIn', { ms: django.latency_ms });
  return [
    { key: 'database', name: t('dashboard.database'), ...up(database.ok) },
    {
      key: 'mysql',
      name: t('dashboard.mysql'),
      ...(mysql?.configured ? up(mysql.reachable) : off(t('dashboard.mysqlNotUsed'))),
    },
    {
      key: 'django',
      name: t('dashboard.django'),
      ...(django.configured ? up(django.reachable, inMs) : off(t('dashboard.djangoNotUsed'))),
    },
    { key: 'redis', name: t('dashboard.redis'), ...off(t('dashboard.redisNotUsed')) },
  ];
}

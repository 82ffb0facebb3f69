import { useComputedColorScheme } from '@mantine/core';
import { useEffect, useMemo, useRef, useState } from 'react';
import uPlot from 'uplot';
import { useTexts } from '../texts/use-texts.tsx';
import styles from './chart.module.css';
import { bucketTime } from './measures.ts';

export interface Line {
  name: string;
  /** One a bucket. */
  values: readonly number[];
}

interface Props {
  name: string;
  /** Of the first bucket, in seconds since 1970. */
  from: number;
  stepS: number;
  /** The first is drawn as bars, a second one as a dashed line with points. */
  lines: readonly [Line] | readonly [Line, Line];
  tone?: 'plain' | 'bad';
  testId: string;
}

const height = 150;
/** Things are counted: no halves on the axis. */
const wholeSteps = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000];

/** Counts over time; the same numbers stand in a table below it. */
export function Chart({ name, from, stepS, lines, tone = 'plain', testId }: Props) {
  const { t, i18n } = useTexts();
  const lang = i18n.language;
  // What is seen, not what was chosen: "as the system" changes with the system.
  const colorScheme = useComputedColorScheme('light', { getInitialValueInEffect: false });
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const [pointed, setPointed] = useState<number | null>(null);
  const whole = useMemo(() => new Intl.NumberFormat(lang), [lang]);
  const times = useMemo(() => lines[0].values.map((_, index) => from + index * stepS), [lines, from, stepS]);
  const middles = useMemo(() => times.map(at => at + stepS / 2), [times, stepS]);
  const second = lines[1];
  const many = lines.length;

  // The plot itself is made anew only where what it is made of changes; numbers are put into the one that is there.
  useEffect(() => {
    const element = place.current;
    if (!element) return;
    // `colorScheme` is what the colours follow.
    void colorScheme;
    const colour = (token: string) => getComputedStyle(element).getPropertyValue(token).trim();
    const ink = colour(tone === 'bad' ? '--desk-bad' : '--desk-accent');
    const axis: uPlot.Axis = {
      stroke: colour('--desk-dim'),
      font: '13px system-ui, sans-serif',
      grid: { stroke: colour('--desk-line'), width: 1 },
      ticks: { show: false },
    };
    const bars = uPlot.paths.bars?.({ size: [0.8, 36], radius: 0.2 });
    const made = new uPlot(
      {
        width: element.clientWidth,
        height,
        padding: [10, 20, 0, 0],
        legend: { show: false },
        cursor: { y: false, drag: { x: false, y: false }, points: { show: false } },
        scales: {
          x: { time: true, range: (_plot, min, max) => [min - stepS / 2, max + stepS / 2] },
          y: { range: (_plot, _min, max) => [0, Math.max(4, Math.ceil(max * 1.1))] },
        },
        axes: [
          {
            ...axis,
            size: 28,
            space: 64,
            values: (_plot, splits) => splits.map(at => axisTime(at, stepS, lang)),
            grid: { show: false },
          },
          { ...axis, size: 44, incrs: wholeSteps, values: (_plot, splits) => splits.map(each => whole.format(each)) },
        ],
        series: [
          {},
          { fill: ink, stroke: ink, width: 0, points: { show: false }, ...(bars ? { paths: bars } : {}) },
          ...(many > 1 ? [{ stroke: colour('--desk-warn'), width: 2, dash: [6, 4], points: { show: false } }] : []),
        ],
        hooks: { setCursor: [({ cursor }) => setPointed(cursor.idx ?? null)] },
      },
      [[], ...Array.from({ length: many }, () => [])],
      element,
    );
    plot.current = made;
    const watch = new ResizeObserver(() => made.setSize({ width: element.clientWidth, height }));
    watch.observe(element);
    return () => {
      watch.disconnect();
      made.destroy();
      plot.current = null;
    };
  }, [colorScheme, tone, stepS, lang, whole, many]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: a plot that was made anew has to be filled as well
  useEffect(() => {
    plot.current?.setData([middles, ...lines.map(({ values }) => [...values])]);
  }, [middles, lines, colorScheme, tone, stepS, lang, whole, many]);

  const sums = lines.map(({ values }) => values.reduce((sum, each) => sum + each, 0));
  const spoken = lines.map((line, index) => sentence(line, sums[index] ?? 0)).join(' ');

  function sentence({ name: counted, values }: Line, total: number): string {
    if (total === 0) return t('dashboard.chartNone', { name: counted });
    const max = Math.max(...values);
    const when = bucketTime(times[values.indexOf(max)] ?? from, stepS, lang);
    return t('dashboard.chartOf', { name: counted, total: whole.format(total), max: whole.format(max), when });
  }

  const at = pointed === null ? undefined : times[pointed];
  const said =
    at === undefined || pointed === null
      ? second
        ? ''
        : t('dashboard.total', { total: whole.format(sums[0] ?? 0) })
      : `${bucketTime(at, stepS, lang)} · ${lines.map(({ values }) => whole.format(values[pointed] ?? 0)).join(' · ')}`;
  return (
    <figure className={styles.chart} data-testid={testId} data-tone={tone}>
      <figcaption className={styles.head}>
        <span className={styles.name}>{name}</span>
        <span className={styles.said}>{said}</span>
      </figcaption>
      {second && (
        <p className={styles.legend} aria-hidden>
          <span className={styles.bar} /> {lines[0].name}: {whole.format(sums[0] ?? 0)}
          <span className={styles.dash} /> {second.name}: {whole.format(sums[1] ?? 0)}
        </p>
      )}
      <div ref={place} className={styles.plot} role="img" aria-label={spoken} />
      <details className={styles.table}>
        <summary>{t('dashboard.asTable')}</summary>
        <div className={styles.scroller}>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by the keyboard */}
          <table aria-label={name} tabIndex={0}>
            <thead>
              <tr>
                <th scope="col">{t('dashboard.from')}</th>
                {lines.map(line => (
                  <th scope="col" key={line.name}>
                    {line.name}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {times.map((time, index) => (
                <tr key={time}>
                  <th scope="row">{bucketTime(time, stepS, lang)}</th>
                  {lines.map(line => (
                    <td key={line.name}>{whole.format(line.values[index] ?? 0)}</td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </details>
    </figure>
  );
}

/** Shorter than in the table: over a week the day alone. */
function axisTime(at: number, stepS: number, lang: string): string {
  const options: Intl.DateTimeFormatOptions =
    stepS > 3_600 ? { weekday: 'short', day: 'numeric' } : { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' };
  return new Intl.DateTimeFormat(lang, options).format(new Date(at * 1_000));
}

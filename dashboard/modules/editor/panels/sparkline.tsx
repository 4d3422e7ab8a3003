'use client'

import { useEffect, useRef } from 'react'
import UPlot from 'uplot'
import 'uplot/dist/uPlot.min.css'

interface SparklineProps {
  label: string
  /** Epoch seconds, rising. */
  atS: readonly number[]
  values: readonly number[]
  /** Where the scale ends; without one it fits what is drawn. */
  max?: number
}

const HEIGHT_PX = 36
const FADED = '26'

function optionsOf(colour: string, widthPx: number, max: number | undefined): UPlot.Options {
  return {
    width: widthPx,
    height: HEIGHT_PX,
    pxAlign: false,
    padding: [2, 0, 0, 0],
    cursor: { show: false },
    legend: { show: false },
    axes: [{ show: false }, { show: false }],
    scales: {
      x: { time: false },
      // Never flatter than it is: an idle machine draws a line at the bottom, not noise.
      y: { range: (_plot, _low, high) => [0, max ?? Math.max(high || 0, 1_000)] },
    },
    series: [
      {},
      { stroke: colour, width: 1.5, fill: `${colour}${FADED}`, points: { show: false } },
    ],
  }
}

/** `rgb(79, 199, 221)` as `#4fc7dd`, to which the fill adds its transparency. */
function hexOf(colour: string): string {
  const parts = colour.match(/[\d.]+/g)?.slice(0, 3) ?? ['128', '128', '128']
  return `#${parts.map((part) => Math.round(Number(part)).toString(16).padStart(2, '0')).join('')}`
}

/** The last minutes as a line. What it shows is said in words beside it. */
export function Sparkline({ label, atS, values, max }: SparklineProps) {
  const box = useRef<HTMLDivElement>(null)
  const plot = useRef<UPlot | null>(null)

  useEffect(() => {
    const element = box.current
    if (!element) return
    // The canvas knows no tokens: the colour is read where it was resolved.
    const colour = hexOf(getComputedStyle(element).color)
    const made = new UPlot(optionsOf(colour, element.clientWidth, max), [[], []], element)
    plot.current = made
    return () => made.destroy()
  }, [max])

  useEffect(() => {
    plot.current?.setData([[...atS], [...values]])
  }, [atS, values])
  return <div ref={box} role="img" aria-label={label} className="h-9 w-full text-accent" />
}

/** A compass card under its lamp: the north point in brass. */
export function Logo({ className }: { className?: string }) {
  return (
    <svg viewBox="0 0 24 24" aria-hidden="true" className={className}>
      <circle cx="12" cy="12" r="10.2" fill="none" stroke="currentColor" strokeWidth="1.5" opacity="0.9" />
      <g stroke="currentColor" strokeWidth="1.3" strokeLinecap="round" opacity="0.45">
        <path d="M12 4v1.4M12 18.6V20M4 12h1.4M18.6 12H20M6.35 6.35l.9.9M16.75 16.75l.9.9M6.35 17.65l.9-.9M16.75 7.25l.9-.9" />
      </g>
      <path d="M15.9 6.2 13.7 13.1 10.3 10.9z" fill="var(--brass)" />
      <path d="M8.1 17.8 10.3 10.9 13.7 13.1z" fill="currentColor" opacity="0.85" />
      <circle cx="12" cy="12" r="1" fill="var(--surface)" />
    </svg>
  );
}

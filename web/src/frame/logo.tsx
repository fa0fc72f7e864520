/** The a of Auscult, which is a stethoscope: the bell is the bowl, the tube is the stem. */
export function Logo({ size = 34 }: { readonly size?: number }) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 32 32"
      aria-hidden="true"
      fill="none"
      stroke="currentColor"
      strokeWidth="2.4"
      strokeLinecap="round"
    >
      <circle cx="12.5" cy="20.5" r="7.6" />
      <circle cx="12.5" cy="20.5" r="2.3" fill="currentColor" stroke="none" />
      <path d="M20.1 28V13c0-4.6-2.2-5.4-2.8-8.6M20.1 13c0-3.6 4.2-4.2 4.8-8.6" />
    </svg>
  );
}

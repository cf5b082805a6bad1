/** Small pictures of one line each, in a 24 × 24 box. Words always stand beside them. */
export const symbols = {
  'step-free':
    '<circle cx="10" cy="4.2" r="1.9" class="full"/><path d="M10 8v6h5l3 6"/><path d="M10 10.5h4.5"/><path d="M7.4 12.4a5 5 0 1 0 6.9 6"/>',
  'accessible-toilet':
    '<circle cx="7" cy="4.4" r="1.8" class="full"/><path d="M7 8v6h4l2 5.5"/><path d="M5 12a4.3 4.3 0 1 0 5.4 6"/><path d="M16 6h4v6a4 4 0 0 1-4 4zM20 12v8"/>',
  'changing-places': '<path d="M3 15h18M5 15v5M19 15v5M3 12h18v3H3z"/><path d="M12 3v4M8 7h8M8 7v3M16 7v3"/>',
  'hearing-loop':
    '<path d="M7 10a5 5 0 0 1 10 0c0 4-4 4.5-4 8a2.5 2.5 0 0 1-4.5 1.5"/><path d="M10 10a2 2 0 0 1 4 0c0 1.5-1.5 2-1.5 3"/><path d="M16.5 17h5M19 17v4.5"/>',
  'sign-language':
    '<path d="M8 12V5.5a1.4 1.4 0 0 1 2.8 0V11M10.8 11V4.4a1.4 1.4 0 0 1 2.8 0V11M13.6 11V5.9a1.4 1.4 0 0 1 2.8 0V14c0 4-2 6.5-5 6.5-3.3 0-4.4-1.8-7-6.3a1.4 1.4 0 0 1 2.3-1.5L8 14.5"/><path d="M19.5 8v4M21.5 9v2"/>',
  captions:
    '<rect x="2.5" y="5" width="19" height="14" rx="2.5"/><path d="M6 11h5M13.5 11H18M6 15h3M11.5 15H18"/>',
  'aac-makaton':
    '<rect x="3" y="3" width="18" height="18" rx="3"/><path d="M12 3v18M3 12h18"/><circle cx="7.5" cy="7.5" r="1.6" class="full"/><path d="M15 9l2-3 2 3zM6 15h3v3H6zM15 16.5h3.5M16.7 14.8v3.5"/>',
  'quiet-space': '<path d="M4 9v6h3.5L12 19V5L7.5 9z"/><path d="M16 10l4 4M20 10l-4 4"/>',
  'low-light-noise': '<path d="M19.5 14.5A8 8 0 0 1 9.5 4.5a8 8 0 1 0 10 10z"/>',
  relaxed:
    '<path d="M4 13v-2a2 2 0 0 1 4 0v3h8v-3a2 2 0 0 1 4 0v2"/><path d="M4 13v5h16v-5M6 18v2M18 18v2M7 9V7a3 3 0 0 1 3-3h4a3 3 0 0 1 3 3v2"/>',
  'bring-a-supporter':
    '<circle cx="8" cy="6.5" r="2.7"/><circle cx="16.5" cy="8" r="2.2"/><path d="M3 20v-3a5 5 0 0 1 10 0v3M14.5 13.3A4 4 0 0 1 21 16.5V20"/>',
  parking:
    '<rect x="3" y="3" width="18" height="18" rx="4"/><path d="M9.5 17V7h3.5a3.2 3.2 0 0 1 0 6.4H9.5"/>',
  when: '<circle cx="12" cy="12" r="9"/><path d="M12 7v5l3.5 2.5"/>',
  where:
    '<path d="M12 21.5c4.5-5 7-8.5 7-11.7a7 7 0 0 0-14 0c0 3.2 2.5 6.7 7 11.7z"/><circle cx="12" cy="9.8" r="2.4"/>',
  online: '<rect x="3" y="4" width="18" height="12.5" rx="2"/><path d="M8.5 20.5h7M12 16.5v4"/>',
  language: '<path d="M4 4h16v11h-8l-5 5v-5H4z"/><path d="M8 8.2h8M8 11.2h5"/>',
  people:
    '<circle cx="12" cy="7" r="3"/><path d="M6.5 20v-2.5a5.5 5.5 0 0 1 11 0V20"/><circle cx="4.5" cy="9.5" r="1.9"/><circle cx="19.5" cy="9.5" r="1.9"/><path d="M2 18v-1.5a3 3 0 0 1 2-2.8M22 18v-1.5a3 3 0 0 0-2-2.8"/>',
  mail: '<rect x="2.5" y="5" width="19" height="14" rx="2"/><path d="M3 7l9 6.5L21 7"/>',
  calendar:
    '<rect x="3" y="5" width="18" height="16" rx="2"/><path d="M3 10h18M8 2.5V7M16 2.5V7"/><rect x="7" y="13" width="3.5" height="3.5" class="full"/>',
  map: '<path d="M9 4L3 6.5V20l6-2.5 6 2.5 6-2.5V4l-6 2.5z"/><path d="M9 4v13.5M15 6.5V20"/>',
  list: '<path d="M9 6h12M9 12h12M9 18h12"/><circle cx="4" cy="6" r="1.5" class="full"/><circle cx="4" cy="12" r="1.5" class="full"/><circle cx="4" cy="18" r="1.5" class="full"/>',
  feed: '<circle cx="5.5" cy="18.5" r="2" class="full"/><path d="M4 11a9 9 0 0 1 9 9M4 4.5A15.5 15.5 0 0 1 19.5 20"/>',
  print:
    '<path d="M7 9V3h10v6M7 17H4.5A1.5 1.5 0 0 1 3 15.5V10.5A1.5 1.5 0 0 1 4.5 9h15a1.5 1.5 0 0 1 1.5 1.5v5a1.5 1.5 0 0 1-1.5 1.5H17"/><path d="M7 14h10v7H7z"/>',
  edit: '<path d="M4 20l1-4.5L16.5 4a2 2 0 0 1 3 0l.5.5a2 2 0 0 1 0 3L8.5 19z"/><path d="M14.5 6l3.5 3.5"/>',
  hide: '<path d="M4 4l16 16M9.5 5.5A9.5 9.5 0 0 1 22 12a14 14 0 0 1-2.8 3.8M6.5 7A14 14 0 0 0 2 12c2.2 4.2 5.8 6.5 10 6.5 1.6 0 3-.3 4.3-.9"/><path d="M10 10.2a2.7 2.7 0 0 0 3.8 3.8"/>',
  undo: '<path d="M8 5L3.5 9.5 8 14"/><path d="M4 9.5h10a5.5 5.5 0 0 1 0 11H9"/>',
  warning:
    '<path d="M12 3.5L2.5 20h19z"/><path d="M12 10v4.5"/><circle cx="12" cy="17.3" r="1.2" class="full"/>',
  done: '<circle cx="12" cy="12" r="9.5"/><path d="M7.5 12.5l3 3 6-6.5"/>',
  live: '<circle cx="12" cy="12" r="3" class="full"/><path d="M6.8 17.2a7.4 7.4 0 0 1 0-10.4M17.2 6.8a7.4 7.4 0 0 1 0 10.4M4 20a11.3 11.3 0 0 1 0-16M20 4a11.3 11.3 0 0 1 0 16"/>',
  info: '<circle cx="12" cy="12" r="9.5"/><path d="M12 11v6"/><circle cx="12" cy="7.5" r="1.3" class="full"/>',
  back: '<path d="M10.5 5.5L4 12l6.5 6.5M4 12h16"/>',
  onward: '<path d="M13.5 5.5L20 12l-6.5 6.5M20 12H4"/>',
  close: '<path d="M5 5l14 14M19 5L5 19"/>',
  like: '<path d="M12 20.5C5.5 15.5 3 12 3 8.6A4.6 4.6 0 0 1 12 7a4.6 4.6 0 0 1 9 1.6c0 3.4-2.5 6.9-9 11.9z"/>',
  say: '<path d="M4 4.5h16v11.5h-8.5L6.5 20.5V16H4z"/><path d="M8 10.2h8"/>',
  copy: '<rect x="8" y="8" width="13" height="13" rx="2"/><path d="M16 8V5a2 2 0 0 0-2-2H5a2 2 0 0 0-2 2v9a2 2 0 0 0 2 2h3"/>',
  'visit-us':
    '<path d="M2.5 12C5 7.5 8.2 5.2 12 5.2s7 2.3 9.5 6.8c-2.5 4.5-5.7 6.8-9.5 6.8S5 16.5 2.5 12z"/><circle cx="12" cy="12" r="3" class="full"/>',
  'meet-us':
    '<path d="M2.5 4h11.5v8H8l-3 3v-3H2.5z"/><path d="M17 8.5h4.5v8H19v3l-3-3h-5.5V15"/><circle cx="6" cy="8" r=".9" class="full"/><circle cx="10.5" cy="8" r=".9" class="full"/>',
  'time-to-learn':
    '<path d="M2.5 5.5c3.5-1 6.5-.6 9.5 1.5 3-2.1 6-2.5 9.5-1.5V19c-3.5-1-6.5-.6-9.5 1.5C9 18.4 6 18 2.5 19z"/><path d="M12 7v13.5"/>',
  'show-a-film': '<rect x="2.5" y="4.5" width="19" height="13" rx="2"/><path d="M10 8v6l5-3zM8 21h8"/>',
  'write-it-down':
    '<rect x="4.5" y="3" width="15" height="18" rx="2"/><path d="M8 8.5h8M8 12.5h4"/><path d="M9 17l2 2 4.5-5"/>',
  'by-myself': '<circle cx="12" cy="6.5" r="3"/><path d="M5.5 20.5V18a6.5 6.5 0 0 1 13 0v2.5"/>',
  'with-support':
    '<circle cx="8" cy="7" r="2.8"/><path d="M2.5 20v-2.5a5.5 5.5 0 0 1 9-4.2"/><circle cx="16.5" cy="7" r="2.8"/><path d="M21.5 20v-2.5a5.5 5.5 0 0 0-9-4.2l-3 3.2"/>',
  'for-another':
    '<circle cx="7" cy="7" r="2.8"/><path d="M2.5 20v-2.5a4.8 4.8 0 0 1 9 0V20"/><path d="M13 4.5h8.5v6.5H18l-2.5 2.5V11H13z"/>',
} as const

export type SymbolName = keyof typeof symbols

/** Answers whether there is a symbol of this name, for codes that come from data. */
export const isSymbol = (name: string): name is SymbolName => Object.hasOwn(symbols, name)

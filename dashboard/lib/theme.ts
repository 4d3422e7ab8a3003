export const THEME_KEY = 'vessel.theme'

/** Runs before the first paint, so that a chosen theme never flashes in the other one. */
export const THEME_SCRIPT = `try{var t=localStorage.getItem('${THEME_KEY}');\
if(t==='light'||t==='dark')document.documentElement.dataset.theme=t}catch{/* no storage */}`

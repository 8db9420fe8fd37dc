/** The first-party script of "direct" tracking, at most 1 KB:
 *
 *      <script src="https://track.example.com/carom.js" data-campaign="shoes"></script>
 *
 *  - It sends the query of the page's address to `POST /clicks`, and keeps the click id in a
 *  first-party
 *  cookie for 30 days: one click per campaign and query, so that a reload is no second click. - It
 *  writes the click id over `{click_id}` in links and into form fields named `click_id`, and gives
 *  it to the page as `window.carom.clickId` and with the event `carom`. - Its syntax is old,
 *  because it runs in any browser that an ad brings. */
export const script = `(function(d,w){var s=d.currentScript,c=s&&s.getAttribute('data-campaign'),q=location.search,k='carom_'+c,m;
if(!c||!w.fetch)return;
function put(id){w.carom={clickId:id};
var e=d.querySelectorAll('a[href*="{click_id}"]'),i;for(i=0;i<e.length;i++)
e[i].setAttribute('href',e[i].getAttribute('href').replace(/{click_id}/g,id));
e=d.querySelectorAll('input[name=click_id]');for(i=0;i<e.length;i++)e[i].value=id;
d.dispatchEvent(new CustomEvent('carom',{detail:{clickId:id}}))}
function go(){m=d.cookie.match('(?:^|; )'+k+'=([^;|]+)[|]([^;]*)');
if(m&&(!q||m[2]===encodeURIComponent(q)))return put(m[1]);
fetch(new URL('clicks',s.src),{method:'POST',keepalive:true,body:JSON.stringify({campaign:c,query:q,referrer:d.referrer})})
.then(function(r){return r.json()}).then(function(r){if(!r.clickId)return;
d.cookie=k+'='+r.clickId+'|'+encodeURIComponent(q)+';path=/;max-age=2592000;samesite=lax';put(r.clickId)})}
d.readyState==='loading'?d.addEventListener('DOMContentLoaded',go):go()})(document,window)
`;

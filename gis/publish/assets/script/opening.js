// Before anything is seen. Where scripts run the map is about to come, so the still picture is not laid out first;
// it stands in for the map when that takes long. A file that was cut short lacks its end and says so; one in which
// the next script was altered says so too, for the page's policy does not let that script begin.

const root = document.documentElement, show = () => root.classList.remove("opening");

root.classList.add("opening");
setTimeout(show, 1500);
document.addEventListener("DOMContentLoaded", () => {
  if (!document.getElementById("end")) root.classList.add("cut");
  else if (root.dataset.begun) return;
  else document.getElementById("trouble").hidden = false;
  show();
});

// Before anything is seen. Where scripts run the map is about to come, so the still picture is not laid out first;
// it stands in for the map when that takes long. A file that was cut short lacks its end and says so.

const root = document.documentElement, show = () => root.classList.remove("opening");

root.classList.add("opening");
setTimeout(show, 1500);
document.addEventListener("DOMContentLoaded", () => {
  if (document.getElementById("end")) return;
  root.classList.add("cut");
  show();
});

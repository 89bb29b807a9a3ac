/** What kubeadm, k3s, minikube, kind, MicroK8s and Docker Desktop call every cluster. */
const EVERY_CLUSTER =
  /^(?:|(?:kubernetes-admin@)?kubernetes|default|minikube|kind-kind|microk8s(?:-cluster)?|docker-desktop|rancher-desktop|local|in-cluster|cluster\.local)$/i;

/** Whether the name is one that an administrator gave to one cluster. */
export function isOneCluster(name: string): boolean {
  return !EVERY_CLUSTER.test(name.trim());
}

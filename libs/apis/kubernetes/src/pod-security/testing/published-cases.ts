/**
 * What the published standards let pass and what not, a case a line: its outcome, the check it is of, in which minor versions of
 * `baseline` (b) and `restricted` (r), and how its Pod differs from one that sets as little as the level allows. A leading `c`
 * stands for the security context of its container, `i` of its init container, `p` of the Pod, `s` for its spec, `a` for its
 * annotations; a minus takes away.
 * Condensed from the fixtures of kubernetes pod-security-admission test/testdata.
 */
export const PUBLISHED_CASES = `
fail allowprivilegeescalation0 r8-36 | c/allowPrivilegeEscalation=true
fail allowprivilegeescalation1 r8-36 | i/allowPrivilegeEscalation=true
fail allowprivilegeescalation2 r22-36 | -c/allowPrivilegeEscalation
fail allowprivilegeescalation2 r8-21 | -c/allowPrivilegeEscalation c={}
fail allowprivilegeescalation3 r8-21 | -c/allowPrivilegeEscalation
fail allowprivilegeescalation3 r22-36 | -c/allowPrivilegeEscalation -c/capabilities/drop/0
fail apparmorprofile0 b0-36 r0-36 | a/container.apparmor.security.beta.kubernetes.io~1container1="unconfined"
pass apparmorprofile0 b0-36 r0-36 | a/container.apparmor.security.beta.kubernetes.io~1container1="localhost/foo"
fail apparmorprofile1 b0-36 r0-36 | a/container.apparmor.security.beta.kubernetes.io~1initcontainer1="unconfined"
pass base b0-36 r0-36 |
pass base_linux r29-36 | s/os/name="linux"
pass base_windows r29-36 | -c/allowPrivilegeEscalation -c/capabilities/drop/0 -i/allowPrivilegeEscalation -i/capabilities/drop/0 -p/seccompProfile/type s/os/name="windows"
fail capabilities_baseline0 r22-36 | c/capabilities/add/0="NET_RAW"
fail capabilities_baseline0 r0-21 | c/capabilities/add/0="NET_RAW" i/capabilities={}
fail capabilities_baseline0 b0-36 | c/capabilities/add/0="NET_RAW" i/capabilities={} p={}
pass capabilities_baseline0 r0-21 | c/capabilities/add/0="AUDIT_WRITE" c/capabilities/add/10="SETPCAP" c/capabilities/add/11="SETUID" c/capabilities/add/12="SYS_CHROOT" c/capabilities/add/1="CHOWN" c/capabilities/add/2="DAC_OVERRIDE" c/capabilities/add/3="FOWNER" c/capabilities/add/4="FSETID" c/capabilities/add/5="KILL" c/capabilities/add/6="MKNOD" c/capabilities/add/7="NET_BIND_SERVICE" c/capabilities/add/8="SETFCAP" c/capabilities/add/9="SETGID" i/capabilities/add/0="AUDIT_WRITE" i/capabilities/add/10="SETPCAP" i/capabilities/add/11="SETUID" i/capabilities/add/12="SYS_CHROOT" i/capabilities/add/1="CHOWN" i/capabilities/add/2="DAC_OVERRIDE" i/capabilities/add/3="FOWNER" i/capabilities/add/4="FSETID" i/capabilities/add/5="KILL" i/capabilities/add/6="MKNOD" i/capabilities/add/7="NET_BIND_SERVICE" i/capabilities/add/8="SETFCAP" i/capabilities/add/9="SETGID"
pass capabilities_baseline0 b0-36 | c/capabilities/add/0="AUDIT_WRITE" c/capabilities/add/10="SETPCAP" c/capabilities/add/11="SETUID" c/capabilities/add/12="SYS_CHROOT" c/capabilities/add/1="CHOWN" c/capabilities/add/2="DAC_OVERRIDE" c/capabilities/add/3="FOWNER" c/capabilities/add/4="FSETID" c/capabilities/add/5="KILL" c/capabilities/add/6="MKNOD" c/capabilities/add/7="NET_BIND_SERVICE" c/capabilities/add/8="SETFCAP" c/capabilities/add/9="SETGID" i/capabilities/add/0="AUDIT_WRITE" i/capabilities/add/10="SETPCAP" i/capabilities/add/11="SETUID" i/capabilities/add/12="SYS_CHROOT" i/capabilities/add/1="CHOWN" i/capabilities/add/2="DAC_OVERRIDE" i/capabilities/add/3="FOWNER" i/capabilities/add/4="FSETID" i/capabilities/add/5="KILL" i/capabilities/add/6="MKNOD" i/capabilities/add/7="NET_BIND_SERVICE" i/capabilities/add/8="SETFCAP" i/capabilities/add/9="SETGID" p={}
fail capabilities_baseline1 r0-21 | c/capabilities={} i/capabilities/add/0="NET_RAW"
fail capabilities_baseline1 b0-36 | c/capabilities={} i/capabilities/add/0="NET_RAW" p={}
fail capabilities_baseline1 r22-36 | i/capabilities/add/0="NET_RAW"
fail capabilities_baseline2 r22-36 | c/capabilities/add/0="chown"
fail capabilities_baseline2 r0-21 | c/capabilities/add/0="chown" i/capabilities={}
fail capabilities_baseline2 b0-36 | c/capabilities/add/0="chown" i/capabilities={} p={}
fail capabilities_baseline3 r22-36 | c/capabilities/add/0="CAP_CHOWN"
fail capabilities_baseline3 r0-21 | c/capabilities/add/0="CAP_CHOWN" i/capabilities={}
fail capabilities_baseline3 b0-36 | c/capabilities/add/0="CAP_CHOWN" i/capabilities={} p={}
fail capabilities_restricted0 r22-36 | -c/capabilities/drop/0 c/capabilities={}
pass capabilities_restricted0 r22-36 | c/capabilities/add/0="NET_BIND_SERVICE" i/capabilities/add/0="NET_BIND_SERVICE"
fail capabilities_restricted1 r22-36 | -i/capabilities/drop/0 i/capabilities={}
fail capabilities_restricted2 r22-36 | c/capabilities/drop/0="SYS_TIME" c/capabilities/drop/10="AUDIT_WRITE" c/capabilities/drop/11="AUDIT_CONTROL" c/capabilities/drop/12="MAC_OVERRIDE" c/capabilities/drop/13="MAC_ADMIN" c/capabilities/drop/14="NET_ADMIN" c/capabilities/drop/15="SYSLOG" c/capabilities/drop/16="CHOWN" c/capabilities/drop/17="NET_RAW" c/capabilities/drop/18="DAC_OVERRIDE" c/capabilities/drop/19="FOWNER" c/capabilities/drop/1="SYS_MODULE" c/capabilities/drop/20="DAC_READ_SEARCH" c/capabilities/drop/21="FSETID" c/capabilities/drop/22="KILL" c/capabilities/drop/23="SETGID" c/capabilities/drop/24="SETUID" c/capabilities/drop/25="LINUX_IMMUTABLE" c/capabilities/drop/26="NET_BIND_SERVICE" c/capabilities/drop/27="NET_BROADCAST" c/capabilities/drop/28="IPC_LOCK" c/capabilities/drop/29="IPC_OWNER" c/capabilities/drop/2="SYS_RAWIO" c/capabilities/drop/30="SYS_CHROOT" c/capabilities/drop/31="SYS_PTRACE" c/capabilities/drop/32="SYS_BOOT" c/capabilities/drop/33="LEASE" c/capabilities/drop/34="SETFCAP" c/capabilities/drop/35="WAKE_ALARM" c/capabilities/drop/36="BLOCK_SUSPEND" c/capabilities/drop/3="SYS_PACCT" c/capabilities/drop/4="SYS_ADMIN" c/capabilities/drop/5="SYS_NICE" c/capabilities/drop/6="SYS_RESOURCE" c/capabilities/drop/7="SYS_TIME" c/capabilities/drop/8="SYS_TTY_CONFIG" c/capabilities/drop/9="MKNOD" i/capabilities/drop/0="SYS_TIME" i/capabilities/drop/10="AUDIT_WRITE" i/capabilities/drop/11="AUDIT_CONTROL" i/capabilities/drop/12="MAC_OVERRIDE" i/capabilities/drop/13="MAC_ADMIN" i/capabilities/drop/14="NET_ADMIN" i/capabilities/drop/15="SYSLOG" i/capabilities/drop/16="CHOWN" i/capabilities/drop/17="NET_RAW" i/capabilities/drop/18="DAC_OVERRIDE" i/capabilities/drop/19="FOWNER" i/capabilities/drop/1="SYS_MODULE" i/capabilities/drop/20="DAC_READ_SEARCH" i/capabilities/drop/21="FSETID" i/capabilities/drop/22="KILL" i/capabilities/drop/23="SETGID" i/capabilities/drop/24="SETUID" i/capabilities/drop/25="LINUX_IMMUTABLE" i/capabilities/drop/26="NET_BIND_SERVICE" i/capabilities/drop/27="NET_BROADCAST" i/capabilities/drop/28="IPC_LOCK" i/capabilities/drop/29="IPC_OWNER" i/capabilities/drop/2="SYS_RAWIO" i/capabilities/drop/30="SYS_CHROOT" i/capabilities/drop/31="SYS_PTRACE" i/capabilities/drop/32="SYS_BOOT" i/capabilities/drop/33="LEASE" i/capabilities/drop/34="SETFCAP" i/capabilities/drop/35="WAKE_ALARM" i/capabilities/drop/36="BLOCK_SUSPEND" i/capabilities/drop/3="SYS_PACCT" i/capabilities/drop/4="SYS_ADMIN" i/capabilities/drop/5="SYS_NICE" i/capabilities/drop/6="SYS_RESOURCE" i/capabilities/drop/7="SYS_TIME" i/capabilities/drop/8="SYS_TTY_CONFIG" i/capabilities/drop/9="MKNOD"
fail capabilities_restricted3 r22-36 | c/capabilities/add/0="AUDIT_WRITE" c/capabilities/add/10="SETPCAP" c/capabilities/add/11="SETUID" c/capabilities/add/12="SYS_CHROOT" c/capabilities/add/1="CHOWN" c/capabilities/add/2="DAC_OVERRIDE" c/capabilities/add/3="FOWNER" c/capabilities/add/4="FSETID" c/capabilities/add/5="KILL" c/capabilities/add/6="MKNOD" c/capabilities/add/7="NET_BIND_SERVICE" c/capabilities/add/8="SETFCAP" c/capabilities/add/9="SETGID" i/capabilities/add/0="AUDIT_WRITE" i/capabilities/add/10="SETPCAP" i/capabilities/add/11="SETUID" i/capabilities/add/12="SYS_CHROOT" i/capabilities/add/1="CHOWN" i/capabilities/add/2="DAC_OVERRIDE" i/capabilities/add/3="FOWNER" i/capabilities/add/4="FSETID" i/capabilities/add/5="KILL" i/capabilities/add/6="MKNOD" i/capabilities/add/7="NET_BIND_SERVICE" i/capabilities/add/8="SETFCAP" i/capabilities/add/9="SETGID"
fail hostnamespaces0 b0-36 r0-36 | s/hostIPC=true
fail hostnamespaces1 b0-36 r0-36 | s/hostNetwork=true
fail hostnamespaces2 b0-36 r0-36 | s/hostPID=true
fail hostpathvolumes0 b0-36 r0-36 | s/volumes/0/emptyDir={} s/volumes/0/name="volume-emptydir" s/volumes/1/hostPath/path="/a" s/volumes/1/name="volume-hostpath"
fail hostpathvolumes1 b0-36 r0-36 | s/volumes/0/hostPath/path="/a" s/volumes/0/name="volume-hostpath-a" s/volumes/1/hostPath/path="/b" s/volumes/1/name="volume-hostpath-b"
fail hostports0 b0-36 r0-36 | s/containers/0/ports/0/containerPort=12345 s/containers/0/ports/0/hostPort=12345
pass hostports0 b0-36 r0-36 | s/containers/0/ports/0/containerPort=12345 s/initContainers/0/ports/0/containerPort=12346
fail hostports1 b0-36 r0-36 | s/initContainers/0/ports/0/containerPort=12346 s/initContainers/0/ports/0/hostPort=12346
fail hostports2 b0-36 r0-36 | s/containers/0/ports/0/containerPort=12345 s/containers/0/ports/0/hostPort=12345 s/containers/0/ports/1/containerPort=12347 s/initContainers/0/ports/0/containerPort=12346 s/initContainers/0/ports/0/hostPort=12346 s/initContainers/0/ports/1/containerPort=12348
fail hostprobesandhostlifecycle0 b34-36 r34-36 | s/containers/0/livenessProbe/httpGet/host="bad.host" s/containers/0/livenessProbe/httpGet/port=8080
pass hostprobesandhostlifecycle0 b34-36 r34-36 |
fail hostprobesandhostlifecycle1 b34-36 r34-36 | s/initContainers/0/readinessProbe/tcpSocket/host="8.8.8.8" s/initContainers/0/readinessProbe/tcpSocket/port=8080 s/initContainers/0/restartPolicy="Always"
pass hostprobesandhostlifecycle1 b34-36 r34-36 | s/containers/0/livenessProbe/httpGet/port=8080
fail hostprobesandhostlifecycle2 b34-36 r34-36 | s/containers/0/lifecycle/postStart/httpGet/host="bad.host" s/containers/0/lifecycle/postStart/httpGet/port=8080
pass hostprobesandhostlifecycle2 b34-36 r34-36 | s/containers/0/readinessProbe/tcpSocket/port=8080
fail hostprobesandhostlifecycle3 b34-36 r34-36 | s/containers/0/livenessProbe/httpGet/host="127.0.0.1" s/containers/0/livenessProbe/httpGet/port=8080
fail hostprobesandhostlifecycle4 b34-36 r34-36 | s/containers/0/readinessProbe/tcpSocket/host="::1" s/containers/0/readinessProbe/tcpSocket/port=8080
fail privileged0 r8-36 | -c/allowPrivilegeEscalation c/privileged=true
fail privileged0 r0-7 | c/privileged=true i={}
fail privileged0 b0-36 | c/privileged=true i={} p={}
pass privileged0 r0-36 | c/privileged=false i/privileged=false
pass privileged0 b0-36 | c/privileged=false i/privileged=false p={}
fail privileged1 r8-36 | -i/allowPrivilegeEscalation i/privileged=true
fail privileged1 r0-7 | c={} i/privileged=true
fail privileged1 b0-36 | c={} i/privileged=true p={}
fail procmount0 r8-34 | c/procMount="Unmasked" s/hostUsers=false
fail procmount0 r0-7 | c/procMount="Unmasked" s/hostUsers=false i={}
fail procmount0 b0-34 | c/procMount="Unmasked" s/hostUsers=false i={} p={}
fail procmount0 r35-36 | c/procMount="Unmasked" s/hostUsers=true
fail procmount0 b35-36 | c/procMount="Unmasked" s/hostUsers=true i={} p={}
pass procmount0 r0-36 | c/procMount="Default" s/hostUsers=false i/procMount="Default"
pass procmount0 b0-36 | c/procMount="Default" s/hostUsers=false i/procMount="Default" p={}
fail procmount1 r0-7 | c={} s/hostUsers=false i/procMount="Unmasked"
fail procmount1 b0-34 | c={} s/hostUsers=false i/procMount="Unmasked" p={}
fail procmount1 b35-36 | c={} s/hostUsers=true i/procMount="Unmasked" p={}
fail procmount1 r8-34 | s/hostUsers=false i/procMount="Unmasked"
fail procmount1 r35-36 | s/hostUsers=true i/procMount="Unmasked"
pass procmount1 b35-36 | c/procMount="Unmasked" s/hostUsers=false i/procMount="Unmasked" p={}
fail procmount_restricted0 r35-36 | c/procMount="Unmasked" s/hostUsers=false
pass procmount_restricted0 r35-36 | c/procMount="Default" s/hostUsers=false i/procMount="Default"
fail procmount_restricted1 r35-36 | s/hostUsers=false i/procMount="Unmasked"
fail restrictedvolumes0 r0-36 | s/volumes/0/gcePersistentDisk/pdName="test" s/volumes/0/name="volume1"
pass restrictedvolumes0 r0-36 | s/volumes/0/name="volume0" s/volumes/1/emptyDir={} s/volumes/1/name="volume1" s/volumes/2/name="volume2" s/volumes/2/secret/secretName="test" s/volumes/3/name="volume3" s/volumes/3/persistentVolumeClaim/claimName="test" s/volumes/4/downwardAPI/items/0/fieldRef/fieldPath="metadata.labels" s/volumes/4/downwardAPI/items/0/path="labels" s/volumes/4/name="volume4" s/volumes/5/configMap/name="test" s/volumes/5/name="volume5" s/volumes/6/name="volume6" s/volumes/6/projected/sources=[]
fail restrictedvolumes1 r0-36 | s/volumes/0/awsElasticBlockStore/volumeID="test" s/volumes/0/name="volume1"
fail restrictedvolumes10 r0-36 | s/volumes/0/flocker/datasetName="test" s/volumes/0/name="volume1"
fail restrictedvolumes11 r0-36 | s/volumes/0/fc/wwids/0="test" s/volumes/0/name="volume1"
fail restrictedvolumes12 r0-36 | s/volumes/0/azureFile/secretName="test" s/volumes/0/azureFile/shareName="test" s/volumes/0/name="volume1"
fail restrictedvolumes13 r0-36 | s/volumes/0/name="volume1" s/volumes/0/vsphereVolume/volumePath="test"
fail restrictedvolumes14 r0-36 | s/volumes/0/name="volume1" s/volumes/0/quobyte/registry="localhost:1234" s/volumes/0/quobyte/volume="test"
fail restrictedvolumes15 r0-36 | s/volumes/0/azureDisk/diskName="test" s/volumes/0/azureDisk/diskURI="https://test.blob.core.windows.net/test/test.vhd" s/volumes/0/name="volume1"
fail restrictedvolumes16 r0-36 | s/volumes/0/name="volume1" s/volumes/0/portworxVolume/fsType="ext4" s/volumes/0/portworxVolume/volumeID="test"
fail restrictedvolumes17 r0-36 | s/volumes/0/name="volume1" s/volumes/0/scaleIO/gateway="localhost" s/volumes/0/scaleIO/secretRef=null s/volumes/0/scaleIO/system="test" s/volumes/0/scaleIO/volumeName="test"
fail restrictedvolumes18 r0-36 | s/volumes/0/name="volume1" s/volumes/0/storageos/volumeName="test"
fail restrictedvolumes19 r0-36 | s/volumes/0/hostPath/path="/dev/null" s/volumes/0/name="volume1"
fail restrictedvolumes2 r0-36 | s/volumes/0/gitRepo/repository="github.com/kubernetes/kubernetes" s/volumes/0/name="volume1"
fail restrictedvolumes3 r0-36 | s/volumes/0/name="volume1" s/volumes/0/nfs/path="/test" s/volumes/0/nfs/server="test"
fail restrictedvolumes4 r0-36 | s/volumes/0/iscsi/iqn="iqn.2001-04.com.example:storage.kube.sys1.xyz" s/volumes/0/iscsi/lun=0 s/volumes/0/iscsi/targetPortal="test" s/volumes/0/name="volume1"
fail restrictedvolumes5 r0-36 | s/volumes/0/glusterfs/endpoints="test" s/volumes/0/glusterfs/path="test" s/volumes/0/name="volume1"
fail restrictedvolumes6 r0-36 | s/volumes/0/name="volume1" s/volumes/0/rbd/image="test" s/volumes/0/rbd/monitors/0="test"
fail restrictedvolumes7 r0-36 | s/volumes/0/flexVolume/driver="test" s/volumes/0/name="volume1"
fail restrictedvolumes8 r0-36 | s/volumes/0/cinder/volumeID="test" s/volumes/0/name="volume1"
fail restrictedvolumes9 r0-36 | s/volumes/0/cephfs/monitors/0="test" s/volumes/0/name="volume1"
fail runasnonroot0 r19-36 | -p/runAsNonRoot
fail runasnonroot0 r0-7 | -p/runAsNonRoot c={} i={} p={}
fail runasnonroot0 r8-18 | -p/runAsNonRoot p={}
pass runasnonroot0 r8-36 |
pass runasnonroot0 r0-7 | c={} i={}
fail runasnonroot1 r0-7 | c={} i={} p/runAsNonRoot=false
fail runasnonroot1 r8-36 | p/runAsNonRoot=false
pass runasnonroot1 r19-36 | -p/runAsNonRoot c/runAsNonRoot=true i/runAsNonRoot=true
pass runasnonroot1 r0-18 | -p/runAsNonRoot c/runAsNonRoot=true i/runAsNonRoot=true p={}
fail runasnonroot2 r8-36 | c/runAsNonRoot=false
fail runasnonroot2 r0-7 | c/runAsNonRoot=false i={}
fail runasnonroot3 r0-7 | c={} i/runAsNonRoot=false
fail runasnonroot3 r8-36 | i/runAsNonRoot=false
fail runasuser0 r23-36 | p/runAsUser=0
pass runasuser0 r23-36 | c/runAsUser=1000 i/runAsUser=1000 p/runAsUser=1000
fail runasuser1 r23-36 | c/runAsUser=0
fail runasuser2 r23-36 | i/runAsUser=0
fail seccompprofile_baseline0 b0-18 r0-18 | a/seccomp.security.alpha.kubernetes.io~1pod="unconfined"
fail seccompprofile_baseline0 b19-36 | c={} i={} p/seccompProfile/type="Unconfined"
fail seccompprofile_baseline0 r19-36 | p/seccompProfile/type="Unconfined"
pass seccompprofile_baseline0 b0-18 r0-18 | a/container.seccomp.security.alpha.kubernetes.io~1container1="localhost/testing" a/seccomp.security.alpha.kubernetes.io~1pod="runtime/default"
pass seccompprofile_baseline0 b19-36 | c/seccompProfile/type="RuntimeDefault" i={} p/seccompProfile/type="RuntimeDefault"
fail seccompprofile_baseline1 b0-18 r0-18 | a/container.seccomp.security.alpha.kubernetes.io~1container1="unconfined"
fail seccompprofile_baseline1 r19-36 | c/seccompProfile/type="Unconfined"
fail seccompprofile_baseline1 b19-36 | c/seccompProfile/type="Unconfined" i={} p={}
fail seccompprofile_baseline2 b0-18 r0-18 | a/container.seccomp.security.alpha.kubernetes.io~1initcontainer1="unconfined"
fail seccompprofile_baseline2 b19-36 | c={} i/seccompProfile/type="Unconfined" p={}
fail seccompprofile_baseline2 r19-36 | i/seccompProfile/type="Unconfined"
fail seccompprofile_restricted0 r19-36 | -p/seccompProfile/type
pass seccompprofile_restricted0 r19-36 |
fail seccompprofile_restricted1 r19-36 | p/seccompProfile/type="Unconfined"
pass seccompprofile_restricted1 r19-36 | p/seccompProfile/localhostProfile="testing" p/seccompProfile/type="Localhost"
fail seccompprofile_restricted2 r19-36 | -p/seccompProfile/type c/seccompProfile/type="RuntimeDefault"
pass seccompprofile_restricted2 r19-36 | -p/seccompProfile/type c/seccompProfile/type="RuntimeDefault" i/seccompProfile/localhostProfile="testing" i/seccompProfile/type="Localhost"
fail seccompprofile_restricted3 r19-36 | -p/seccompProfile/type i/seccompProfile/type="RuntimeDefault"
fail seccompprofile_restricted4 r19-36 | -p/seccompProfile/type c/seccompProfile/type="RuntimeDefault" i/seccompProfile/type="Unconfined"
fail selinuxoptions0 b0-36 r0-36 | c/seLinuxOptions={} i/seLinuxOptions={} p/seLinuxOptions/type="somevalue"
pass selinuxoptions0 r0-7 | c={} i/seLinuxOptions={}
pass selinuxoptions0 b0-36 | c={} i/seLinuxOptions={} p={}
pass selinuxoptions0 r8-36 | i/seLinuxOptions={}
fail selinuxoptions1 b0-36 r0-36 | c/seLinuxOptions/type="somevalue" i/seLinuxOptions={} p/seLinuxOptions={}
pass selinuxoptions1 b0-36 r0-36 | c/seLinuxOptions/level="somevalue" c/seLinuxOptions/type="container_init_t" i/seLinuxOptions/type="container_kvm_t" p/seLinuxOptions/type="container_t"
fail selinuxoptions2 b0-36 r0-36 | c/seLinuxOptions={} i/seLinuxOptions/type="somevalue" p/seLinuxOptions={}
fail selinuxoptions3 b0-36 r0-36 | c/seLinuxOptions={} i/seLinuxOptions={} p/seLinuxOptions/user="somevalue"
fail selinuxoptions4 b0-36 r0-36 | c/seLinuxOptions={} i/seLinuxOptions={} p/seLinuxOptions/role="somevalue"
fail sysctls0 b0-36 r0-36 | p/sysctls/0/name="othersysctl" p/sysctls/0/value="other"
pass sysctls0 r0-36 |
pass sysctls0 b0-36 | p={}
pass sysctls1 b0-26 r0-26 | p/sysctls/0/name="kernel.shm_rmid_forced" p/sysctls/0/value="0" p/sysctls/1/name="net.ipv4.ip_local_port_range" p/sysctls/1/value="1024 65535" p/sysctls/2/name="net.ipv4.tcp_syncookies" p/sysctls/2/value="0" p/sysctls/3/name="net.ipv4.ping_group_range" p/sysctls/3/value="1 0" p/sysctls/4/name="net.ipv4.ip_unprivileged_port_start" p/sysctls/4/value="1024"
pass sysctls1 b27-28 r27-28 | p/sysctls/0/name="kernel.shm_rmid_forced" p/sysctls/0/value="0" p/sysctls/1/name="net.ipv4.ip_local_port_range" p/sysctls/1/value="1024 65535" p/sysctls/2/name="net.ipv4.tcp_syncookies" p/sysctls/2/value="0" p/sysctls/3/name="net.ipv4.ping_group_range" p/sysctls/3/value="1 0" p/sysctls/4/name="net.ipv4.ip_unprivileged_port_start" p/sysctls/4/value="1024" p/sysctls/5/name="net.ipv4.ip_local_reserved_ports" p/sysctls/5/value="1024-4999"
pass sysctls1 b29-31 r29-31 | p/sysctls/0/name="kernel.shm_rmid_forced" p/sysctls/0/value="0" p/sysctls/1/name="net.ipv4.ip_local_port_range" p/sysctls/1/value="1024 65535" p/sysctls/2/name="net.ipv4.tcp_syncookies" p/sysctls/2/value="0" p/sysctls/3/name="net.ipv4.ping_group_range" p/sysctls/3/value="1 0" p/sysctls/4/name="net.ipv4.ip_unprivileged_port_start" p/sysctls/4/value="1024" p/sysctls/5/name="net.ipv4.ip_local_reserved_ports" p/sysctls/5/value="1024-4999" p/sysctls/6/name="net.ipv4.tcp_keepalive_time" p/sysctls/6/value="7200" p/sysctls/7/name="net.ipv4.tcp_fin_timeout" p/sysctls/7/value="60" p/sysctls/8/name="net.ipv4.tcp_keepalive_intvl" p/sysctls/8/value="75" p/sysctls/9/name="net.ipv4.tcp_keepalive_probes" p/sysctls/9/value="9"
pass sysctls1 b32-36 r32-36 | p/sysctls/0/name="net.ipv4.tcp_rmem" p/sysctls/0/value="4096 87380 16777216" p/sysctls/1/name="net.ipv4.tcp_wmem" p/sysctls/1/value="4096 65536 16777216"
fail windowshostprocess0 b0-36 r0-36 | c/windowsOptions={} s/hostNetwork=true i/windowsOptions={} p/windowsOptions/hostProcess=true
fail windowshostprocess1 b0-36 r0-36 | c/windowsOptions/hostProcess=true s/hostNetwork=true i/windowsOptions/hostProcess=true p/windowsOptions={}
`;
